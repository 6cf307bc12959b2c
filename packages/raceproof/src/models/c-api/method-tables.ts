// Slots of Python types and modules as C names them, and who may run them at the same time.
// What enters: nothing. What leaves: a table. Sources: docs.python.org/3/c-api/typeobj.html, gcsupport.html ("the collector runs with all other
// threads stopped", PEP 703), lifecycle page of 3.14; c-api/module.html (Py_mod_exec runs under the import lock of the module).
import type { EntryCompany } from "../../vocabulary/index.ts";

/**
 * ordinary: any number of threads on one object. construction: on an object nobody else has (tp_new). initialization: normally on a new object,
 * yet callable again by anybody (tp_init). last: nobody else holds the object. stopped: the collector visits while all other threads stand still.
 * import: once, under the import lock.
 */
const special: ReadonlyMap<string, EntryCompany> = new Map<string, EntryCompany>([
  ["tp_new", "construction"],
  ["tp_alloc", "construction"],
  ["tp_init", "initialization"],
  ["tp_dealloc", "last"],
  ["tp_finalize", "last"],
  ["tp_del", "last"],
  ["tp_free", "last"],
  ["tp_clear", "last"],
  ["tp_traverse", "stopped"],
  ["m_traverse", "stopped"],
  ["m_clear", "last"],
  ["m_free", "last"],
  ["mod_exec", "import"],
  ["mod_create", "import"],
]);

/** @param slot a slot without its "Py_" ("tp_iternext", "nb_add") or a method's name. */
export function companyOfSlot(slot: string): EntryCompany {
  return special.get(slot) ?? "ordinary";
}

/** Slots of which each operand may be an instance of the type: both are shared objects. Source: c-api/typeobj.html#number-structs, tp_richcompare. */
export function takesTwoObjects(slot: string): boolean {
  return (
    slot === "tp_richcompare" ||
    (slot.startsWith("nb_") && !/^nb_(negative|positive|absolute|bool|invert|int|float|index)$/.test(slot)) ||
    /^sq_(concat|inplace_concat|contains)$/.test(slot)
  );
}

/** Fields of PyTypeObject in the order of positional initializers, for types written without designators. Source: Include/cpython/object.h of 3.13. */
export const typeObjectFields: readonly string[] =
  "ob_base tp_name tp_basicsize tp_itemsize tp_dealloc tp_vectorcall_offset tp_getattr tp_setattr tp_as_async tp_repr tp_as_number tp_as_sequence tp_as_mapping tp_hash tp_call tp_str tp_getattro tp_setattro tp_as_buffer tp_flags tp_doc tp_traverse tp_clear tp_richcompare tp_weaklistoffset tp_iter tp_iternext tp_methods tp_members tp_getset tp_base tp_dict tp_descr_get tp_descr_set tp_dictoffset tp_init tp_alloc tp_new tp_free tp_is_gc tp_bases tp_mro tp_cache tp_subclasses tp_weaklist tp_del tp_version_tag tp_finalize tp_vectorcall".split(
    " ",
  );

/** Structs of function pointers, in the order of positional initializers; fields that are no functions count too. Source: Include/cpython/object.h. */
export const methodStructs: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["PyTypeObject", typeObjectFields],
  [
    "PyNumberMethods",
    "nb_add nb_subtract nb_multiply nb_remainder nb_divmod nb_power nb_negative nb_positive nb_absolute nb_bool nb_invert nb_lshift nb_rshift nb_and nb_xor nb_or nb_int nb_reserved nb_float nb_inplace_add nb_inplace_subtract nb_inplace_multiply nb_inplace_remainder nb_inplace_power nb_inplace_lshift nb_inplace_rshift nb_inplace_and nb_inplace_xor nb_inplace_or nb_floor_divide nb_true_divide nb_inplace_floor_divide nb_inplace_true_divide nb_index nb_matrix_multiply nb_inplace_matrix_multiply".split(
      " ",
    ),
  ],
  [
    "PySequenceMethods",
    "sq_length sq_concat sq_repeat sq_item was_sq_slice sq_ass_item was_sq_ass_slice sq_contains sq_inplace_concat sq_inplace_repeat".split(" "),
  ],
  ["PyMappingMethods", "mp_length mp_subscript mp_ass_subscript".split(" ")],
  ["PyAsyncMethods", "am_await am_aiter am_anext am_send".split(" ")],
  ["PyBufferProcs", "bf_getbuffer bf_releasebuffer".split(" ")],
  ["PyType_Spec", "name basicsize itemsize flags slots".split(" ")],
  ["PyModuleDef", "m_base m_name m_doc m_size m_methods m_slots m_traverse m_clear m_free".split(" ")],
]);

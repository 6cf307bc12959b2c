// What the nodes of C and C++ trees look like: kinds, roles, names, details.
import { describe, expect, it } from "vitest";
import { childrenOf, textOf } from "../syntax-tree.ts";
import { CKind } from "./kinds.ts";
import { freeThreaded, outlines, parseTexts, unitAt, withGil } from "./testing.ts";

/** Outline of the only statement in a function's body. */
async function statement(text: string, path?: string): Promise<string> {
  const [outline = ""] = await outlines(`void f(void) { ${text} }`, path);
  return /body=Block\(body=(.*)\)\)$/.exec(outline)?.[1] ?? outline;
}

describe("declarations", () => {
  it("give functions and parameters their names and flags", async () => {
    expect(await outlines("static int f(Foo *self) { return 1; }")).toEqual([
      "FunctionDefinition f 1(type=TypeName int, declarator=FunctionDeclarator f(declarator=Identifier f, parameter=ParameterDeclaration self(type=TypeName Foo, " +
        "declarator=PointerDeclarator self(declarator=Identifier self))), body=Block(body=Return(value=Number 1)))",
    ]);
  });

  it("have one declarator each", async () => {
    expect(await outlines("unsigned  long x = 1, *p, a[3];")).toEqual([
      "Declaration(type=TypeName unsigned long, declarator=InitDeclarator x(declarator=Identifier x, value=Number 1), " +
        "declarator=PointerDeclarator p(declarator=Identifier p), declarator=ArrayDeclarator a(declarator=Identifier a, size=Number 3))",
    ]);
  });

  it("say what is thread-local or atomic", async () => {
    expect(await outlines("static _Thread_local int x; _Atomic(int) y;")).toEqual([
      "Declaration 9(type=TypeName int, declarator=Identifier x)",
      "Declaration 64(type=TypeName int, declarator=Identifier y)",
    ]);
  });

  it("of structs have members", async () => {
    expect(await outlines("typedef struct foo { PyObject_HEAD; unsigned b:3; } Foo;")).toEqual([
      "TypeDefinition(type=StructSpecifier foo(member=FieldDeclaration(type=TypeName PyObject, declarator=Identifier ob_base), " +
        "member=FieldDeclaration(type=TypeName unsigned, declarator=Identifier b, size=Number 3)), declarator=TypeName Foo)",
    ]);
  });

  it("of tables keep their rows and designators", async () => {
    expect(await outlines('static PyMemberDef m[] = {{"a", T_OBJECT, offsetof(Foo, a)}, {.name = NULL}};')).toEqual([
      "Declaration 1(type=TypeName PyMemberDef, declarator=InitDeclarator m(declarator=ArrayDeclarator m(declarator=Identifier m), " +
        "value=InitializerList(value=InitializerList(value=String, value=Identifier T_OBJECT, value=Offsetof a(type=TypeDescriptor(type=TypeName Foo))), " +
        "value=InitializerList(value=InitializerPair(designator=FieldDesignator name, value=Null)))))",
    ]);
  });
});

describe("expressions", () => {
  it.each([
    [
      "x = self->md->used + a.b;",
      "Assignment Assign(left=Identifier x, right=Binary Add(left=Member used 2(object=Member md 2(object=Identifier self)), right=Member b 1(object=Identifier a)))",
    ],
    ["*p += (1);", "Assignment Add(left=Dereference(operand=Identifier p), right=Number 1)"],
    [
      "f(&x, (T *)y)[2];",
      "Subscript(object=Call f(function=Identifier f, argument=AddressOf(operand=Identifier x), argument=Cast(type=TypeDescriptor(type=TypeName T, declarator=PointerDeclarator), value=Identifier y)), index=Number 2)",
    ],
    ["x->n--;", "Update Decrement(operand=Member n 2(object=Identifier x))"],
    ["!a || -b;", "Binary Or(left=Unary Not(operand=Identifier a), right=Unary Sub(operand=Identifier b))"],
    ["x->f(1);", "Call f(function=Member f 2(object=Identifier x), argument=Number 1)"],
  ])("%s", async (text, outline) => {
    expect(await statement(text)).toBe(`ExpressionStatement(value=${outline})`);
  });

  it.each([
    ["if (a) b(); else return;", "If(condition=Identifier a, consequence=ExpressionStatement(value=Call b(function=Identifier b)), alternative=Return)"],
    [
      "for (i = 0; i < n; i++) ;",
      "For(initializer=Assignment Assign(left=Identifier i, right=Number 0), condition=Binary Lt(left=Identifier i, right=Identifier n), update=Update Increment(operand=Identifier i), body=ExpressionStatement)",
    ],
    ["switch (x) { case 1: default: goto out; }", "Switch(condition=Identifier x, body=Block(body=Case(value=Number 1), body=Case(body=Goto out)))"],
    ["do continue; while (0);", "DoWhile(body=Continue, condition=Number 0)"],
  ])("in statements: %s", async (text, outline) => {
    expect(await statement(text)).toBe(outline);
  });
});

describe("lock macros", () => {
  const call = (name: string, more = ""): string => `ExpressionStatement(value=Call ${name}(function=Identifier ${name}${more}))`;

  it("become blocks with their lock", async () => {
    expect(await statement("Py_BEGIN_CRITICAL_SECTION2(a, b->c); g(); Py_END_CRITICAL_SECTION2()")).toBe(
      `SectionBlock Py_BEGIN_CRITICAL_SECTION2(begin=${call("Py_BEGIN_CRITICAL_SECTION2", ", argument=Identifier a, argument=Member c 2(object=Identifier b)")}, ` +
        `body=${call("g")}, end=${call("Py_END_CRITICAL_SECTION2")})`,
    );
    expect(await statement("Py_BEGIN_ALLOW_THREADS g(); Py_END_ALLOW_THREADS")).toBe(
      `SectionBlock Py_BEGIN_ALLOW_THREADS(begin=${call("Py_BEGIN_ALLOW_THREADS")}, body=${call("g")}, end=${call("Py_END_ALLOW_THREADS")})`,
    );
  });

  it("show a label right before their end", async () => {
    expect(await statement("Py_BEGIN_CRITICAL_SECTION(a); out: Py_END_CRITICAL_SECTION()")).toBe(
      `SectionBlock Py_BEGIN_CRITICAL_SECTION(begin=${call("Py_BEGIN_CRITICAL_SECTION", ", argument=Identifier a")}, body=Labeled out(body=${call("Py_END_CRITICAL_SECTION")}))`,
    );
  });

  it("that do not match are calls, and the rest of the file is as it should be", async () => {
    const matched = "void h(void) { Py_BEGIN_CRITICAL_SECTION(a); g(); Py_END_CRITICAL_SECTION(); }";
    const open = await outlines(`void f(void) { Py_BEGIN_CRITICAL_SECTION(a); if (x) { g("}"); } }\n${matched}`);
    expect(open.map((outline) => outline.slice(0, 20))).toEqual(["FunctionDefinition f", "FunctionDefinition h"]);
    expect(open[0]).toContain("body=Block(body=ExpressionStatement(value=Call Py_BEGIN_CRITICAL_SECTION");
    expect(open[1]).toContain("SectionBlock");
    const closed = await outlines(`void f(void) { if (x) { Py_BEGIN_ALLOW_THREADS } Py_END_ALLOW_THREADS }\n${matched}`);
    expect(closed.map((outline) => outline.slice(0, 20))).toEqual(["FunctionDefinition f", "FunctionDefinition h"]);
    expect(closed[0]).toMatch(/SectionBlock Py_BEGIN_ALLOW_THREADS\(begin=[^,]*\), body=ExpressionStatement\(value=Call Py_END_ALLOW_THREADS/);
  });

  it("are the same in both builds, and a project's own shim does not replace them", async () => {
    const text =
      "#if PY_VERSION_HEX < 0x030d0000\n#define Py_BEGIN_CRITICAL_SECTION(op) {\n#endif\nvoid f(void) { Py_BEGIN_CRITICAL_SECTION(a); Py_END_CRITICAL_SECTION(); }";
    const program = await parseTexts({ "a.c": text }, [freeThreaded, withGil]);
    expect(program.units.map(({ configurations }) => configurations)).toEqual([["free-threaded-3.13", "gil-3.13"]]);
    expect([...unitAt(program, "a.c").tree.kind]).toContain(CKind.SectionBlock);
  });
});

describe("C++", () => {
  it("has classes, templates, lambdas and qualified names", async () => {
    expect(await outlines("int A::f() { return x.y->z<int>(1); }", "a.cpp")).toEqual([
      "FunctionDefinition f(type=TypeName int, declarator=FunctionDeclarator f(declarator=Qualified f(scope=Identifier A)), body=Block(body=Return(value=Call z(function=" +
        "Member z 2(object=Member y 1(object=Identifier x), part=TemplateUse z(argument=TypeDescriptor(type=TypeName int))), argument=Number 1))))",
    ]);
    expect(await outlines("class A : public B { A() : x(1) {} static int y; };", "a.cpp")).toEqual([
      "ClassSpecifier A(part=BaseClause(base=AccessSpecifier public, base=TypeName B), member=FunctionDefinition A(declarator=FunctionDeclarator A(declarator=Identifier A), " +
        "initializer=FieldInitializer x(argument=Number 1), body=Block), member=FieldDeclaration 1(type=TypeName int, declarator=Identifier y))",
    ]);
  });

  it("says what a module declares about itself", async () => {
    const [options = "", definition = ""] = await outlines("PYBIND11_MODULE(ext, m, py::mod_gil_not_used()) { m.attr(1); }", "a.cpp");
    expect(options).toContain("value=Call PYBIND11_MODULE(function=Identifier PYBIND11_MODULE, argument=Call mod_gil_not_used");
    expect(definition).toMatch(/^FunctionDefinition PYBIND11_MODULE_ext\(/);
  });
});

describe("what does not parse", () => {
  it("is an Error, and counted, and the rest is there", async () => {
    const program = await parseTexts({ "a.c": "int f(void) { return @ 1; }\nint g(void) { return 2; }" });
    const { tree, errorBytes } = unitAt(program, "a.c");
    expect(errorBytes).toBe(1);
    expect(tree.problems).toHaveLength(1);
    expect(program.coverage).toMatchObject({ functions: 2, unitsWithErrors: 1, errorBytes: 1 });
    expect(childrenOf(tree, tree.size - 1).map((child) => textOf(tree, child))).toHaveLength(2);
  });

  it("for want of a token is one byte", async () => {
    expect(unitAt(await parseTexts({ "a.c": "int f(void) { return 1 }" }), "a.c").errorBytes).toBe(1);
  });
});

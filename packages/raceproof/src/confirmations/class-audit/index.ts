// The class audit: a class plan in, every conflicting pair of its entry points explored, distinct failures with witnesses out.
export { auditClass, type ClassAuditRequest } from "./audit-class.ts";

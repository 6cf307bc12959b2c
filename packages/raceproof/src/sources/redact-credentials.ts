// Enters: a text that may hold URLs. Leaves: the same text fit for messages, logs and reports: no passwords, no tokens.
// It sees URLs only; a secret that stands alone in a text stays there.

/** Replaces the user part of every URL; of an ssh URL only the password, because its user names no secret. */
export function redactCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)([^\s/]*)@/gi, (_whole, scheme: string, user: string) =>
    /ssh:/i.test(scheme) ? `${scheme}${user.split(":")[0]}@` : `${scheme}****@`,
  );
}

// Functions of the C library that need not be safe when threads call them at the same time. What enters: nothing. What leaves: name -> why.
// Source: POSIX.1-2017, System Interfaces 2.9.1 "Thread-Safety"; left out are those that common C libraries keep per thread (dlerror, strerror)
// and those that only race with a change of the environment.

const walks = "it walks with a position that the whole process shares";
const returns = "it returns memory that the next call overwrites";

function rows(names: string, why: string): (readonly [string, string])[] {
  return names.split(" ").map((name) => [name, why] as const);
}

export const nonReentrantCalls: ReadonlyMap<string, string> = new Map([
  ...rows("getpwent setpwent endpwent getgrent setgrent endgrent getutent setutent endutent getutxent setutxent endutxent", walks),
  ...rows("gethostent getnetent getprotoent getservent getmntent getfsent strtok hsearch", walks),
  ...rows("asctime ctime gmtime localtime getpwnam getpwuid getgrnam getgrgid gethostbyname gethostbyaddr", returns),
  ...rows(
    "getprotobyname getprotobynumber getservbyname getservbyport getnetbyname inet_ntoa ttyname getlogin ptsname crypt tmpnam setlocale localeconv",
    returns,
  ),
]);

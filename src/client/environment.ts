/** What a program needs to find its way around; anything else of the environment may be a secret. */
const INHERITED: readonly string[] = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER']
const INHERITED_ON_WINDOWS: readonly string[] = [
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATH',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'PROGRAMW6432',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
]

/** The environment of a server that is started as a child, but for what its command names. */
export function inheritedEnvironment(): Record<string, string> {
  const names = process.platform === 'win32' ? INHERITED_ON_WINDOWS : INHERITED
  const entries = names.flatMap((name) => {
    const value = process.env[name]
    // A shell stores functions this way, and another one would run them.
    return value === undefined || value.startsWith('()') ? [] : [[name, value]]
  })
  return Object.fromEntries(entries)
}

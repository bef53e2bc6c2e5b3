const plain = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']

/**
 * The environment of a child process: of our own only what names the place, the language and the time, besides `own`
 * and what `further` names. Everything else stays here, as it may hold the operator's secrets.
 */
export function childEnvironment(
  own: NodeJS.ProcessEnv = {},
  further: readonly string[] = [],
): NodeJS.ProcessEnv {
  const names = [...plain, ...further]
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => names.includes(name))),
    ...own,
  }
}

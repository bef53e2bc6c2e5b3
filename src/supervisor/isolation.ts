import { spawnSync } from 'node:child_process'

/** What this system lets us put around a child process; each piece is empty where it is not possible. */
export interface Isolation {
  /** Ends the child when the supervisor dies, however it dies. */
  dying: string[]
  /** No core dump: a core would hold keys or values. */
  coreless: string[]
  /** An empty network namespace. */
  offline: string[]
}

const works = (command: string[]): boolean => {
  const [program = '', ...args] = command
  return spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0
}

const first = (candidates: string[][]): string[] => candidates.find(works) ?? []

/** Tries each piece on this system. */
export function findIsolation(): Isolation {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()]
  return {
    dying: first([
      ['setpriv', '--pdeathsig', 'TERM', '--no-new-privs'],
      ['setpriv', '--pdeathsig', 'TERM'],
    ]),
    coreless: first([['prlimit', '--core=0:0']]),
    offline: first([
      ['unshare', '--net'],
      ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--net'],
    ]),
  }
}

/** What is missing, each as one plain line for `custode doctor`. */
export function weaknesses(isolation: Isolation): string[] {
  const lines: string[] = []
  if (isolation.offline.length === 0)
    lines.push('the keeper shares the network: this system allows no network namespace of its own')
  if (isolation.coreless.length === 0)
    lines.push('core dumps are not switched off: prlimit (util-linux) is missing')
  if (isolation.dying.length === 0)
    lines.push('children may outlive a killed supervisor: setpriv (util-linux) is missing')
  return lines
}

import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../core/config.ts'
import { socketFolder } from '../core/embedded-database.ts'
import { KeeperClient } from '../keeper/client.ts'

type Custody = Pick<Config, 'custodians' | 'data' | 'keeper' | 'databaseUrl'>

/** What is wrong with who holds the keys, each as one plain line for `custode doctor`. Looks only. */
export async function custodianWeaknesses(
  config: Custody,
): Promise<{ mustChange: string[]; beAware: string[] }> {
  const { custodians, data, keeper, databaseUrl } = config
  const mustChange: string[] = []
  const beAware: string[] = []
  const only = custodians[0]
  if (custodians.length < 2 && only !== undefined)
    beAware.push(
      `${only.kind} is the only custodian: when it is lost everything is lost, and whoever copies it opens every keybook of its time; name a second kind in CUSTODE_CUSTODIANS`,
    )
  const file = custodians.find(({ kind }) => kind === 'file')
  if (file !== undefined && databaseUrl === null) {
    const folder = file.folder ?? join(keeper, 'custodian')
    if ((await deviceOf(folder)) === (await deviceOf(data)))
      mustChange.push(
        `the keys of the custodian file (${folder}) lie on the same filesystem as CUSTODE_DATA: an image or snapshot of that disk undoes every erasure since; set CUSTODE_CUSTODIANS=file:/FOLDER on a small disk of its own that no backup reads`,
      )
  }
  return { mustChange, beAware }
}

/**
 * Custodians that were left out with a key of the keybook, as the running keeper knows them. Nothing while none runs:
 * who holds what is in the log.
 */
export async function custodiansLeftOut({ data }: Pick<Config, 'data'>): Promise<string[]> {
  const socket = join(socketFolder(data), 'keeper', 'keeper.sock')
  const keeper = await KeeperClient.connect(socket, { reconnect: false }).catch(() => null)
  if (keeper === null) return []
  try {
    const { leftOut } = await keeper.status()
    return leftOut
      .filter(({ ended }) => ended === null)
      .map(
        ({ id, since }) =>
          `the custodian ${id} was left out on ${since.slice(0, 10)} with a key of the keybook: with an old copy of the book it opens what was erased since; configure it again, or destroy what holds its keys by hand and say so with custode keeper retire ${id}`,
      )
  } finally {
    await keeper.close()
  }
}

/** The filesystem of a folder, or of the nearest folder above it that exists. */
export async function deviceOf(folder: string): Promise<number> {
  const found = await stat(folder).catch(() => null)
  return found?.dev ?? (await deviceOf(dirname(folder)))
}

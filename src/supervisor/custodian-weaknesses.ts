import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../core/config.ts'

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

/** The filesystem of a folder, or of the nearest folder above it that exists. */
export async function deviceOf(folder: string): Promise<number> {
  const found = await stat(folder).catch(() => null)
  return found?.dev ?? (await deviceOf(dirname(folder)))
}

import { CustodianProcess } from './custodian.ts'
import { FakeVault } from './fakes/vault.ts'

/** The custodian `vault-transit` as its own process, beside a stand-in for Vault that holds its key; both end by `end`. */
export async function startVaultCustodian() {
  const vault = await FakeVault.start()
  vault.makeKey('custode')
  const custodian = new CustodianProcess('vault-transit', await vault.environment())
  if (!(await custodian.start())) throw new Error(custodian.said)
  const end = async () => {
    await custodian.end()
    await vault.end()
  }
  return { vault, custodian, end }
}

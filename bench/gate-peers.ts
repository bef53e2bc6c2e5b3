import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { roles } from '../src/use/policy.ts'
import type { TaskType } from '../src/use/task-type.ts'

/** One question about a field: what the benchmark asks of everybody. */
export interface Question {
  role: string
  type: string
  field: string
  consented: boolean
}

/** Somebody else's engine, with the same rule; null where its package is not installed: neither is a dependency of ours. */
export type Peer = ((question: Question) => boolean) | null

/** As much of each package's interface as is used here. */
interface Casl {
  createMongoAbility(rules: object[]): { can(action: string, subject: object, field?: string): boolean }
  subject(type: string, value: object): object
}
interface Casbin {
  newEnforcer(model: string, policy: string): Promise<{ enforceSync(...asked: unknown[]): boolean }>
}

const installed = async <T>(name: string): Promise<T | null> => import(name).catch(() => null)

/** CASL: one ability for each role, one rule for each type of task, which names its fields. */
export async function caslPeer(types: readonly TaskType[]): Promise<Peer> {
  const casl = await installed<Casl>('@casl/ability')
  if (casl === null) return null
  const rules = types.map(({ code, fields }) => ({
    ...{ action: 'read', subject: 'Task', fields: [...fields] },
    conditions: { type: code, consented: true },
  }))
  const abilities = new Map<string, ReturnType<Casl['createMongoAbility']>>(
    roles.map(role => [role, casl.createMongoAbility(rules)]),
  )
  return ({ role, type, field, consented }) =>
    abilities.get(role)?.can('read', casl.subject('Task', { type, consented }), field) === true
}

const model = `[request_definition]
r = role, type, field, consented
[policy_definition]
p = role, type, field
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.role == p.role && r.type == p.type && r.field == p.field && r.consented == true
`

/** casbin: one line for each role, type of task and field. */
export async function casbinPeer(types: readonly TaskType[], folder: string): Promise<Peer> {
  const casbin = await installed<Casbin>('casbin')
  if (casbin === null) return null
  const lines = roles.flatMap(role =>
    types.flatMap(({ code, fields }) => fields.map(field => `p, ${role}, ${code}, ${field}`)),
  )
  const [modelFile, policyFile] = [join(folder, 'model.conf'), join(folder, 'policy.csv')]
  await writeFile(modelFile, model)
  await writeFile(policyFile, lines.join('\n'))
  const enforcer = await casbin.newEnforcer(modelFile, policyFile)
  return ({ role, type, field, consented }) => enforcer.enforceSync(role, type, field, consented)
}

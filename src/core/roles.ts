import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { scramVerifier } from './scram.ts'

/**
 * The three roles of the database. The owner migrates and owns the definer functions; the server owns nothing and
 * bypasses nothing; the worker is the server plus the job tables.
 */
export const roles = ['custode_owner', 'custode_server', 'custode_worker'] as const
export type Role = (typeof roles)[number]
export type Passwords = Record<Role, string>

export function newPasswords(): Passwords {
  const one = () => randomBytes(32).toString('base64url')
  return { custode_owner: one(), custode_server: one(), custode_worker: one() }
}

/**
 * Makes the roles, or gives the existing ones new passwords. `admin` must be a superuser or have CREATEROLE. No role may
 * ever be a superuser, make roles or databases, or bypass row security. No statement holds a password.
 */
export async function makeRoles(admin: pg.Client | pg.PoolClient, passwords: Passwords): Promise<void> {
  const known = new Set(
    (await admin.query('select rolname from pg_roles where rolname = any ($1)', [roles])).rows.map(
      row => row.rolname as string,
    ),
  )
  for (const role of roles) {
    const secret = admin.escapeLiteral(scramVerifier(passwords[role]))
    await admin.query(`${known.has(role) ? 'alter' : 'create'} role ${role} login password ${secret}`)
  }
  await admin.query('grant custode_server to custode_worker')
}

/**
 * Takes from everybody but superusers what makes or opens a large object in the database `admin` is connected to: it
 * would lie outside every table. Only a superuser may take it; for anybody else nothing changes.
 */
export async function closeLargeObjects(admin: pg.Client | pg.PoolClient): Promise<void> {
  await admin.query(`do $$
    declare one regprocedure;
    begin
      if not (select rolsuper from pg_roles where rolname = current_user) then return; end if;
      for one in select oid from pg_proc
                  where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^lo(_.*|read|write)$' loop
        execute format('revoke execute on function %s from public', one);
      end loop;
    end $$`)
}

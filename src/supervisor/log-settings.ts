import type pg from 'pg'

const wanted: Record<string, { safe: (value: string) => boolean; set: string }> = {
  log_statement: { safe: value => value === 'none' || value === 'ddl', set: 'none' },
  log_min_duration_statement: { safe: value => value === '-1', set: '-1' },
  log_min_duration_sample: { safe: value => value === '-1', set: '-1' },
  log_transaction_sample_rate: { safe: value => value === '0', set: '0' },
  log_parameter_max_length: { safe: value => value === '0', set: '0' },
  log_parameter_max_length_on_error: { safe: value => value === '0', set: '0' },
  log_error_verbosity: { safe: value => value === 'terse', set: 'terse' },
  log_min_error_statement: { safe: value => value === 'panic', set: 'panic' },
}

/**
 * Settings under which this PostgreSQL could write a value into its own log, each as the line to change. While there is
 * one, customers are not let in.
 */
export async function findLogFaults(client: pg.Client | pg.Pool): Promise<string[]> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any ($1) order by name',
    [Object.keys(wanted)],
  )
  return rows.flatMap(({ name, setting }) => {
    const want = wanted[name]
    return want === undefined || want.safe(setting)
      ? []
      : [`postgresql.conf: ${name} = ${want.set} (is ${setting}: PostgreSQL could log values)`]
  })
}

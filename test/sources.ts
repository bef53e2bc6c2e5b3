import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A source file: its text, its code without comments, and the names it imports. */
export interface Source {
  path: string
  text: string
  code: string
  imports: string[]
  /** Without `import type`, which is gone when the program runs. */
  valueImports: string[]
}

/** Every TypeScript file below a folder, by its path there; built pages left out. */
export function sourcesOf(folder: string): Source[] {
  if (!existsSync(folder)) return []
  return globSync('**/*.{ts,tsx}', { cwd: folder })
    .filter(path => !/(^|\/)(dist|node_modules)\//.test(path))
    .sort()
    .map(path => {
      const text = readFileSync(join(folder, path), 'utf8')
      const code = withoutComments(text)
      return { path, text, code, imports: namesIn(code), valueImports: namesIn(withoutTypes(code)) }
    })
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')

const withoutTypes = (code: string): string =>
  code.replace(/^(import|export) type [\s\S]*?from '[^']+'/gm, '')

function namesIn(code: string): string[] {
  const fromClauses = code.matchAll(/^(?:import|export)\b[^'"]*?\bfrom '([^']+)'/gm)
  const bare = code.matchAll(/^import '([^']+)'/gm)
  return [...fromClauses, ...bare].map(found => found[1] ?? '')
}

export interface Link {
  readonly parent: string
  readonly child: string
}

/** Those of `added` that can be put beside `present` without closing a circle, in order. */
export function withoutCircles(present: readonly Link[], added: readonly Link[]): Set<Link> {
  const tangled = stuck([...present, ...added])
  const within = ({ parent, child }: Link) => tangled.has(parent) && tangled.has(child)
  const children = new Map<string, string[]>()
  for (const link of present) if (within(link)) append(children, link)
  return new Set(
    added.filter((link) => {
      if (!within(link)) return true
      if (link.parent === link.child || leads(children, link.child, link.parent)) return false
      append(children, link)
      return true
    }),
  )
}

/** Tasks that are left when, again and again, those without parents are taken away: circles and what is below. */
function stuck(links: readonly Link[]): Set<string> {
  const parents = new Map<string, number>()
  const children = new Map<string, string[]>()
  for (const link of links) {
    parents.set(link.child, (parents.get(link.child) ?? 0) + 1)
    append(children, link)
  }
  const free = [...children.keys()].filter((id) => !parents.has(id))
  for (const id of free) {
    for (const child of children.get(id) ?? []) {
      const left = (parents.get(child) ?? 0) - 1
      parents.set(child, left)
      if (left === 0) free.push(child)
    }
  }
  return new Set([...parents].filter(([, count]) => count > 0).map(([id]) => id))
}

function leads(
  children: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): boolean {
  const seen = new Set([from])
  for (const id of seen) {
    if (id === to) return true
    for (const child of children.get(id) ?? []) seen.add(child)
  }
  return false
}

function append(children: Map<string, string[]>, { parent, child }: Link): void {
  const known = children.get(parent)
  if (known === undefined) children.set(parent, [child])
  else known.push(child)
}

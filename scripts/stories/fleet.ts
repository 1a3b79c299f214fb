import type { Teller } from './teller.ts'

const shops = ['acme', 'globex', 'initech'] as const

const pages = [
  'Winter jackets',
  'Running shoes',
  'Kettles',
  'Desk lamps',
  'Bicycle bags',
  'Rain trousers',
  'Travel mugs',
  'Wool socks',
  'Head torches',
  'Camping stoves',
  'Rucksacks',
  'Sunglasses',
  'Water bottles',
  'Hiking boots',
] as const

/** Forty like tasks for three customers, one pool of workers, each customer with its own tenant. */
export async function tellFleet(story: Teller): Promise<void> {
  story.ago(5)
  const runs: string[] = []
  for (const [index, page] of pages.entries()) {
    for (const [at, tenant] of shops.entries()) {
      story.ago(5 - (index * 3 + at) / 60)
      const id = await story.make({
        title: `Check the product texts: ${page}`,
        assignee: (index + at) % 4 === 0 ? 'translator' : 'checker',
        tenant,
        priority: tenant === 'acme' ? 1 : 0,
        body: `Every text of the category “${page}” of ${tenant}: spelling, facts against the data sheet, length.`,
        idempotency_key: `${tenant}/${page}`,
      })
      if (index < 8) runs.push(id)
    }
  }
  story.ago(4)
  for (const [index, id] of runs.entries()) {
    story.ago(4 - index / 8)
    await story.run(id, {
      minutes: 3 + (index % 5),
      ends:
        index === 13
          ? { asks: 'The data sheet says 1.7 l and the text 1.5 l. Which one is right?' }
          : {
              summary: `${12 + ((index * 7) % 19)} texts, ${(index * 5) % 7} corrected`,
              metadata: { texts: 12 + ((index * 7) % 19), corrected: (index * 5) % 7 },
            },
    })
  }
}

import type { Fence } from '../model/run.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'

/** What an agent tells of the session in which it works. */
export interface Session {
  /** Its own name for it, by which the same agent can be asked about it later. */
  readonly id?: string | null
  /** The one that it uses, where nobody has asked for one. */
  readonly model?: string | null
  readonly usage?: Usage | null
}

/** Tokens, and US dollars, as far as the agent reports them. */
export interface Usage {
  readonly input?: number
  readonly output?: number
  /** Of the input, what its provider had already. */
  readonly cached?: number
  readonly cost?: number
}

/** Written by the runner alone, and after the run was closed too: the last numbers come with the end of a turn. */
export async function noteSession(tx: Tx, fence: Fence, known: Session): Promise<void> {
  const { id = null, model = null, usage = null } = known
  await tx.run(sql`
    update task_runs set agent_session = coalesce(${id}, agent_session),
      model = coalesce(model, ${model}),
      usage = coalesce(${usage === null ? null : JSON.stringify(usage)}, usage)
    where id = ${fence.run} and claim_lock = ${fence.lock}`)
}

import type {
  PermissionOption,
  RequestPermissionRequest,
  RequestPermissionResponse,
} from '@agentclientprotocol/sdk'

/** What is known of a tool call. */
export interface Call {
  readonly title: string
}

export interface Answer {
  readonly response: RequestPermissionResponse
  /** For the log. */
  readonly says: string
}

/** The policy's answer. The tools of the board are always allowed: without them it could not even say why it ends. */
export function permissionFor(
  { options, toolCall }: Pick<RequestPermissionRequest, 'options' | 'toolCall'>,
  policy: 'allow' | 'deny',
  known: Call | undefined,
): Answer {
  // Some ask about a call by its id alone, some before they have told of it, some by its arguments.
  const titles = [known?.title, toolCall.title].filter((title) => title != null && title !== '')
  const isAllowed = policy === 'allow' || titles.some((title) => ours.test(title ?? ''))
  const chosen = isAllowed
    ? (ofKind(options, 'allow_once') ?? ofKind(options, 'allow_always'))
    : (ofKind(options, 'reject_once') ?? ofKind(options, 'reject_always'))
  return {
    says: `${isAllowed && chosen !== undefined ? 'allowed' : 'refused'}: ${titles[0] ?? toolCall.toolCallId}`,
    response: {
      outcome:
        chosen === undefined
          ? { outcome: 'cancelled' }
          : { outcome: 'selected', optionId: chosen.optionId },
    },
  }
}

/** By kind: ids are each agent's own, and some list the widest permission first. */
function ofKind(options: readonly PermissionOption[], kind: PermissionOption['kind']) {
  return options.find((option) => option.kind === kind)
}

const tools = 'show|complete|block|heartbeat|comment|create|link'

/**
 * As the agents write the names of our tools, from the first sign to the last. The title of a command is
 * the command itself, which may quote one: none that a shell would run has this form.
 */
const ours = new RegExp(
  String.raw`^(?:mcp[._]+)?(?:kanban[-._:]+)?kanban_(?:${tools})(?: \(kanban MCP Server\)(?:: .*)?)?$`,
)

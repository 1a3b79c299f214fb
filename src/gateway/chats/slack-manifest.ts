/** What Slack makes an app from: its command, what it may do, what it is told, and that it needs no address. */
export const slackManifest = {
  display_information: {
    name: 'Hermes Kanban',
    description: 'A board of tasks for agents and people',
  },
  features: {
    app_home: { messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    bot_user: { display_name: 'Hermes Kanban', always_online: true },
    slash_commands: [
      {
        command: '/kanban',
        description: 'The board: create, list, show, unblock',
        usage_hint: 'create "title" --assignee profile | list | show id | help',
        should_escape: false,
      },
    ],
  },
  oauth_config: {
    scopes: {
      bot: [
        'app_mentions:read',
        'channels:history',
        'chat:write',
        'commands',
        'groups:history',
        'im:history',
        'mpim:history',
        'users:read',
      ],
    },
  },
  settings: {
    event_subscriptions: {
      bot_events: [
        'app_mention',
        'message.channels',
        'message.groups',
        'message.im',
        'message.mpim',
      ],
    },
    interactivity: { is_enabled: true },
    org_deploy_enabled: false,
    socket_mode_enabled: true,
    token_rotation_enabled: false,
  },
} as const

/** The real agents: which packages they are, and what points each at an endpoint of ours. */

export interface Program {
  /** The runtime that starts it. */
  readonly runtime: string
  /** With the version that is driven. */
  readonly package: string
  /** How much of a disk it takes, in megabytes. */
  readonly size: number
  /** Variables for its worker, with a home of its own at `home`. */
  readonly env: (url: string, home: string) => Record<string, string>
  /** Files in that home. */
  readonly files?: (url: string) => Record<string, string>
  readonly model?: string
  /** How it behaves where the endpoint says that a quota is met, as far as it can be awaited. */
  readonly quota: 'told' | 'silent'
}

const key = 'dummy-key-of-no-account'

export const programs: readonly Program[] = [
  {
    runtime: 'claude-code',
    package: '@agentclientprotocol/claude-agent-acp@0.100.0',
    size: 391,
    env: (url, home) => ({
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: url,
      CLAUDE_CONFIG_DIR: `${home}/.claude`,
      CLAUDE_CODE_MAX_RETRIES: '1',
    }),
    quota: 'told',
  },
  {
    runtime: 'codex',
    package: '@agentclientprotocol/codex-acp@2.6.0',
    size: 457,
    env: (_url, home) => ({ CODEX_HOME: `${home}/.codex`, LOCAL_KEY: key }),
    files: (url) => ({
      '.codex/config.toml': [
        'model = "local-model"',
        'model_provider = "local"',
        '[model_providers.local]',
        'name = "local"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "LOCAL_KEY"',
      ].join('\n'),
    }),
    quota: 'told',
  },
  {
    runtime: 'gemini',
    package: '@google/gemini-cli@0.61.0',
    size: 100,
    env: (url) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }),
    model: 'local-model',
    quota: 'told',
  },
  {
    runtime: 'opencode',
    package: 'opencode-ai@1.18.33',
    size: 354,
    env: (url) => ({
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        model: 'local/local-model',
        small_model: 'local/local-model',
        autoupdate: false,
        share: 'disabled',
        enabled_providers: ['local'],
        provider: {
          local: {
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: `${url}/v1`, apiKey: key },
            models: { 'local-model': { limit: { context: 128000, output: 8000 } } },
          },
        },
      }),
    }),
    quota: 'silent',
  },
  {
    runtime: 'qwen',
    package: '@qwen-code/qwen-code@0.24.4',
    size: 152,
    env: (url) => ({
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_MODEL: 'local-model',
    }),
    quota: 'silent',
  },
  {
    runtime: 'copilot',
    package: '@github/copilot@1.0.102',
    size: 425,
    env: (url, home) => ({
      COPILOT_OFFLINE: 'true',
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_PROVIDER_API_KEY: key,
      COPILOT_MODEL: 'local-model',
      COPILOT_HOME: `${home}/.copilot`,
    }),
    quota: 'silent',
  },
]

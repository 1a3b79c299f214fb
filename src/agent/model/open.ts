import type { LanguageModel, streamText } from 'ai'
import { type ChosenModel, keyOf } from '../../config/models.ts'
import type { Variables } from '../../config.ts'

type ProviderOptions = Parameters<typeof streamText>[0]['providerOptions']

export interface OpenModel {
  readonly chosen: ChosenModel
  readonly language: LanguageModel
  readonly options: ProviderOptions
}

/** Loads the provider's own library and no other. Throws `config` when its key is not set. */
export async function openModel(chosen: ChosenModel, variables: Variables): Promise<OpenModel> {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })
  const { baseUrl: baseURL, provider: name, id } = chosen
  const apiKey = keyOf(chosen, variables)
  switch (chosen.protocol) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      // What stays the same from step to step is read from its cache: a tenth of the price.
      const options = { anthropic: { cacheControl: { type: 'ephemeral' } } } as const
      return {
        chosen,
        language: createAnthropic({ baseURL, apiKey: apiKey ?? 'none' })(id),
        options,
      }
    }
    case 'google': {
      const { createGoogleGenerativeAI } = await import('@ai-sdk/google')
      const google = createGoogleGenerativeAI({ baseURL, apiKey: apiKey ?? 'none' })
      return { chosen, language: google(id), options: {} }
    }
    case 'openai': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      const open = createOpenAICompatible({
        name,
        baseURL,
        includeUsage: true,
        metadataExtractor: costOf(name),
        ...(apiKey === undefined ? {} : { apiKey }),
        // It tells what an answer cost when it is asked to; others would refuse a field that they do not know.
        ...(name === 'openrouter'
          ? { transformRequestBody: (body) => ({ ...body, usage: { include: true } }) }
          : {}),
      })
      return { chosen, language: open(id), options: {} }
    }
  }
}

/** What the provider itself says that an answer cost, in US dollars. */
export function saidCost(metadata: unknown, provider: string): number | undefined {
  const cost = (metadata as Record<string, { cost?: unknown }> | undefined)?.[provider]?.cost
  return typeof cost === 'number' ? cost : undefined
}

function costOf(name: string) {
  const metadata = (body: unknown) => {
    const cost = (body as { usage?: { cost?: unknown } } | undefined)?.usage?.cost
    return typeof cost === 'number' ? { [name]: { cost } } : undefined
  }
  return {
    extractMetadata: async ({ parsedBody }: { parsedBody: unknown }) => metadata(parsedBody),
    createStreamExtractor() {
      let found: ReturnType<typeof metadata>
      return {
        processChunk(chunk: unknown) {
          found = metadata(chunk) ?? found
        },
        buildMetadata: () => found,
      }
    },
  }
}

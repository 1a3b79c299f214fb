import { useConfig } from '../api/around.ts'
import type { Place } from './place.ts'
import { usePlace } from './place-store.ts'

/** What somebody looks at: what the address says, and where it is silent what the configuration says. */
export interface View extends Omit<Place, 'tenant' | 'archived' | 'lanes'> {
  readonly tenant: string
  readonly archived: boolean
  readonly lanes: boolean
}

export function useView(): View {
  const place = usePlace()
  const { data: config } = useConfig()
  return {
    ...place,
    tenant: place.tenant ?? config?.default_tenant ?? '',
    archived: place.archived ?? config?.include_archived_by_default ?? false,
    lanes: place.lanes ?? config?.lane_by_profile ?? true,
  }
}

/** Who is told about a task in a chat. */

import type { Route } from '../route.ts'
import type { Subscriptions } from '../types.ts'
import { ok } from './ok.ts'

const place = ['task_id', 'platform', 'chat_id', 'thread_id']

export const notifyRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/notify',
    operation: 'notify_list',
    query: ['task_id'],
    answer: 'Subscriptions',
    shape: (subscriptions: Subscriptions['subscriptions']) => ({ subscriptions }),
  },
  {
    method: 'post',
    path: '/notify',
    operation: 'notify_subscribe',
    body: [...place, 'user_id'],
    answer: 'Done',
    shape: ok,
  },
  {
    method: 'delete',
    path: '/notify',
    operation: 'notify_unsubscribe',
    query: place,
    answer: 'Done',
    shape: ok,
  },
]

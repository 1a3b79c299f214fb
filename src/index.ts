/** What a program may import from `hermes-kanban`. */
export {}

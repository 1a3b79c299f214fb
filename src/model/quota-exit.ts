/** EX_TEMPFAIL: the exit code by which a worker says that it met a quota. */
export const quotaExit = 75

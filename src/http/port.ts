/** Where a dashboard is looked for first. */
export const usualPort = 9119

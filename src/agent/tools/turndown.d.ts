/** Of what we use of it; the package has no types of its own. */
declare module 'turndown' {
  export default class Turndown {
    constructor(options: { headingStyle: 'atx'; codeBlockStyle: 'fenced' })
    remove(names: string[]): this
    turndown(html: string): string
  }
}

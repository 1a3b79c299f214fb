import { Component, type ReactNode } from 'react'

interface Props {
  /** What is shown in the place of what broke. */
  readonly fallback: (error: unknown, again: () => void) => ReactNode
  readonly children: ReactNode
}

interface State {
  readonly broken: boolean
  readonly error?: unknown
}

/** Keeps what breaks inside it from taking the rest of the page down. React has this for classes alone. */
export class Boundary extends Component<Props, State> {
  override state: State = { broken: false }

  static getDerivedStateFromError(error: unknown): State {
    return { broken: true, error }
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    return this.props.fallback(this.state.error, () => this.setState({ broken: false }))
  }
}

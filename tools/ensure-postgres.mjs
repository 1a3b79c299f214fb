// The tests run against a real PostgreSQL. This brings its programs where it may, else it says what to install; it never fails.
import { install, mayInstall } from './apt.mjs'
import { findServer } from './postgres-server.mjs'

if (!findServer()) {
  if (mayInstall()) {
    console.error('Installing PostgreSQL for the tests …')
    install('postgresql')
  }
  if (!findServer()) {
    console.error(
      'The tests find no PostgreSQL: install the package "postgresql" (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql) or put its initdb on the PATH.',
    )
  }
}

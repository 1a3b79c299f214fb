// A file of its own: the policy of the page forbids scripts inside it.
try {
  const theme = localStorage.getItem('hermes.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is forbidden here: the system's theme is as good.
}

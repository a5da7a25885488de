// Runs before the first paint, so that a chosen theme does not flash; a file of its own because the content security
// policy allows no inline script.
try {
  const theme = localStorage.getItem('vedette.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's theme it is.
}

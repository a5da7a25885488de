/** The words of the Integrations screen. */
export const integrations = {
  title: 'Integrations',
  lead: 'Other companies’ analytics beside your own. All are off until you switch them on, and nothing leaves before a person’s consent.',
  readOnly: 'This session may only read. Administrators of the tenant may change this.',
  names: { ga4: 'Google Analytics 4', clarity: 'Microsoft Clarity' },
  states: { on: 'On', off: 'Off', unset: 'Not set up' },
  empty: 'The hub offers no integration.',

  leaves: {
    title: 'What leaves, and to whom',
    none: 'Nothing, as it is set here.',
    ga4: {
      tag: 'To Google, from the browser of people who granted: whatever Google’s tag sends. Advertising signals are denied unless marketing was granted too.',
      measurement:
        'To Google, from this hub: of each page view of people who granted, its time, host, path, redacted query and referrer, a session number, and whether marketing was granted. No address, no user agent, no place; the client id is a hash of the visitor id.',
      property_id:
        'To Google, from this hub, a few times a day: the credential and the question for figures. Nothing of visitors.',
    },
    clarity: {
      tag: 'To Microsoft, from the browser of people who granted: whatever Clarity’s tag sends, recordings of the page among it.',
      export:
        'To Microsoft, from this hub, four times a day: the token and the question for figures. Nothing of visitors.',
    },
    off: 'While it is off, nothing leaves.',
  },

  settings: {
    title: 'Settings',
    enabled: 'Switched on',
    measurement_id: 'Measurement ID',
    measurementHelp: 'In Google Analytics under Admin, Data streams: G- and letters or digits.',
    measurementWrong: 'A measurement ID is written like G-ABC123XYZ.',
    tag: 'Load its tag in the browser, after consent',
    measurement: 'Send page views of people who granted from the hub',
    measurementNeeds: 'Needs the secret “API secret”.',
    property_id: 'Property ID, to compare figures',
    propertyHelp: 'Digits, under Admin, Property. Needs the secret “Service account”. Empty: figures are not fetched.',
    propertyWrong: 'A property ID has digits only, 20 at most.',
    project_id: 'Project ID',
    projectHelp: 'In Clarity under Settings, Overview.',
    projectWrong: 'A project ID has 4 to 32 small letters and digits.',
    export: 'Fetch Clarity’s figures four times a day, to compare',
    exportNeeds: 'Needs the secret “API token”.',
  },

  secrets: {
    title: 'Secrets',
    lead: 'They are sealed as they arrive and never shown again.',
    names: { api_secret: 'API secret', service_account: 'Service account (JSON key)', token: 'API token' } as Record<
      string,
      string
    >,
    set: (time: string) => `Set on ${time}`,
    unset: 'Not set',
    replace: 'Replace',
    enter: 'Set',
    remove: 'Remove',
    keep: 'Leave as it is',
    removing: 'Removed when you save',
    value: (name: string) => `New value of ${name}`,
    replacing: 'Replaced when you save',
    file: 'Paste the whole JSON file',
    missing: (names: readonly string[]) =>
      `What is switched on needs ${names.join(' and ')}: set it under “Secrets”, or switch off what needs it.`,
  },

  save: 'Save',
  saved: 'Saved.',
  discard: 'Discard changes',
  remove: {
    open: 'Take away…',
    title: (name: string) => `Take ${name} away?`,
    lead: 'Its settings, its secrets, its figures and whatever waits to be sent are deleted. What it has received already stays with it.',
    action: 'Take away',
  },

  test: {
    run: 'Test the connection',
    running: 'Testing…',
    unsaved: 'Save first: what is saved is tested.',
    costs: 'A test takes one of the ten calls a day.',
    good: 'The connection works.',
    bad: 'The connection does not work.',
    checked: (good: boolean) => (good ? ': good' : ': not good'),
  },

  state: {
    title: 'How it goes',
    success: 'Last success',
    error: 'Last error',
    none: 'none',
    never: 'never',
    sent: 'Sent',
    waiting: 'Waiting',
    left: 'Calls left today',
    events: (count: string) => `${count} events`,
    unlimited: 'not limited',
  },

  figures: {
    title: 'Figures beside your own',
    fetched: (time: string) => `Fetched ${time}. They differ: consent, blockers, time zones and definitions do.`,
    never: 'No figures were fetched yet.',
    columns: { key: 'Of', provider: 'Theirs', own: 'Own', difference: 'Difference' },
  },
} as const;

/** The words where nothing has arrived, or nothing matches. */
export const empty = {
  title: 'Nothing has arrived yet',
  lead: 'Give Vedette an access log, and this page shows who came: people, bots and hosting networks apart. nginx, Apache, Caddy, Traefik, HAProxy, IIS, CloudFront, AWS load balancers, Zeek and more are recognised; gzip and zstd are fine.',
  drop: 'Drop a log file anywhere on this page',
  or: 'or',
  choose: 'Choose a file',
  command: 'From the command line',
  commandHelp: 'On this machine, in the directory of the installation:',
  importCommand: ({ slug, installation }: { slug: string; installation: boolean }) =>
    `npx vedette import access.log${installation ? '' : ` --tenant ${slug}`}`,
  windowTitle: 'No requests in this window',
  windowLead: (period: string) => `The window is ${period}.`,
  elsewhere: (count: string, period: string) => `${count} requests lie elsewhere: ${period}.`,
  jump: 'Show them',
  filteredTitle: 'No request matches these filters',
  filteredLead: (count: string) => `${count} requests in this window do not match.`,
  clear: 'Clear the filters',
  connect: 'From an application, a server or an agent',
  connectHelp: 'Pick what you run: each has a snippet to paste, with this hub’s address filled in.',
  connectAll: 'First steps',
} as const;

import type { Words } from '../text.ts';
import { access } from './de/access.ts';
import { account } from './de/account.ts';
import { audit } from './de/audit.ts';
import { kinds, reasons, status } from './de/codes.ts';
import { consent } from './de/consent.ts';
import { empty } from './de/empty.ts';
import { explore } from './de/explore.ts';
import { firstSteps } from './de/first-steps.ts';
import { general } from './de/general.ts';
import { imports } from './de/imports.ts';
import { integrations } from './de/integrations.ts';
import { interactions } from './de/interactions.ts';
import { keys } from './de/keys.ts';
import { live } from './de/live.ts';
import { overview } from './de/overview.ts';
import { palette } from './de/palette.ts';
import { people } from './de/people.ts';
import { privacy } from './de/privacy.ts';
import { fields, problems } from './de/problems.ts';
import { settings } from './de/settings.ts';
import { sources } from './de/sources.ts';
import { domains, tenants } from './de/tenants.ts';
import { ui } from './de/ui.ts';

/** The dashboard in German. de/glossary.md says which word stands for what. */
export const german: Words = {
  ...general,
  ...overview,
  status,
  reasons,
  kinds,
  problems,
  fields,
  empty,
  explore,
  sources,
  firstSteps,
  import: imports,
  access,
  account,
  audit,
  domains,
  keys,
  people,
  settings,
  tenants,
  consent,
  integrations,
  interactions,
  live,
  palette,
  privacy,
  ui,
};

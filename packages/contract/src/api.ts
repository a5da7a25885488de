// Made from the OpenAPI document by a test; after an intended change run it with VEDETTE_UPDATE_GOLDEN=1.

/** Schemas by their names in the document. */
export interface Schemas {
  Acceptance: {
    /** From the link of the invitation; it stands behind its #. */
    token: string;
    name?: string;
    /** At least 12 characters. */
    password?: string;
    /** BCP 47; null: as the browser asks. */
    locale?: string | null;
  };
  Accepted: {
    /** done: this browser is logged in as that person. log-in: it is not yet. */
    next: 'done' | 'log-in';
    tenant: {
      slug: string;
      name: string;
    };
    role: Schemas['Role'];
    user: Schemas['User'];
  };
  Account: {
    user: Schemas['User'];
    /** null: there is no password. */
    password_changed: string | null;
    two_factor: Schemas['TwoFactor'];
    /** Another e-mail address that waits for its link to be opened; null: none does. */
    email_change: Schemas['EmailChange'] | null;
  };
  AccountChange: {
    name?: string;
    /** BCP 47; null: as the browser asks. */
    locale?: string | null;
  };
  ApiKey: {
    id: string;
    /** Slug of its tenant. */
    tenant: string;
    scope: Schemas['KeyScope'];
    name: string;
    /** How the key begins. */
    prefix: string;
    created: string;
    /** null: never. */
    expires: string | null;
    /** Whether it is in force and ends within 14 days: rotate it, or let it go. */
    expires_soon: boolean;
    /** null: it was not. */
    revoked: string | null;
    /** When it was last used, to within ten seconds; null: never. */
    used: string | null;
    /** Id of the key that this one follows. */
    rotated_from: string | null;
  };
  AuditAnswer: {
    /** The newest first. */
    entries: Schemas['AuditRecord'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  AuditIntegrity: {
    /** Whether every chain holds and nothing that protects it is switched off. */
    intact: boolean;
    logs: {
      /** Slug. */
      tenant: string;
      intact: boolean;
      entries: number;
      first: {
        number: number;
        time: string;
      } | null;
      /** Note number and hash elsewhere: a later log that does not have them was rewritten. */
      last: {
        number: number;
        time: string;
        hash: string;
      } | null;
      faults: {
        number: number;
        reason: string;
      }[];
    }[];
    /** What protects the log and is switched off; for operators. */
    weaknesses: string[];
  };
  AuditRecord: {
    id: string;
    /** Slug of the tenant in whose log it is. */
    tenant: string;
    /** Place in the tenant’s log, from 1 without gaps. */
    number: number;
    time: string;
    actor: {
      /** socket: a command on the hub’s machine. hub: the hub by itself. nobody: without a credential that is known. */
      kind: 'user' | 'key' | 'link' | 'socket' | 'hub' | 'nobody';
      id: string | null;
      name: string;
    };
    /** noun.verb; what belongs together begins alike. */
    action: string;
    target: string | null;
    /** Further facts; never a secret. */
    detail: { [name: string]: unknown };
    /** failed: by a fault of the hub, so that part of it may be done. */
    outcome: 'done' | 'refused' | 'failed';
    /** Where from; of log-ins only. */
    address: string | null;
    /** Browser and system, or program. */
    agent: string | null;
    /** Keyed hash over the entry and the hash of the one before it. */
    hash: string;
  };
  Beacon: {
    domain: string;
    choices?: Schemas['ConsentChoices'];
    visitor_id?: string;
    gpc?: boolean;
    dnt?: boolean;
    events: Schemas['InteractionEvent'][];
  };
  BeaconAnswer: {
    accepted: number;
    rejected: {
      index: number;
      reason: string;
    }[];
  };
  ClaritySettings: {
    project_id: string;
    tag: boolean;
    /** Reads Clarity’s figures some times a day; needs the secret token. */
    export: boolean;
  };
  Confirmation: {
    /** The account’s password. Who has none must have logged in within the last 15 minutes instead. */
    password?: string;
  };
  Consent: {
    window: {
      from: string;
      to: string;
    };
    days: Schemas['ConsentDay'][];
    /** By the latest choice under each proof id in the window. */
    people: {
      granted: number;
      partly: number;
      refused: number;
    };
  };
  ConsentChoices: {
    /** Recognising the person between visits, for figures. */
    analytical: boolean;
    /** Other companies’ tags and advertising. */
    marketing: boolean;
  };
  ConsentDay: {
    day: string;
    /** Times the banner was shown. */
    shown: number;
    /** Everything that was asked for. */
    granted: number;
    partly: number;
    refused: number;
    withdrawn: number;
    /** Of the choices, those of browsers with Global Privacy Control. */
    gpc: number;
  };
  ConsentProof: {
    /** Stands for the person. */
    proof_id: string;
    records: Schemas['ConsentRecord'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  ConsentRecord: {
    id: string;
    /** When the hub heard of it. */
    time: string;
    domain: string;
    /** Stands for the person. */
    proof_id: string;
    visitor_id: string | null;
    choices: Schemas['ConsentChoices'];
    /** What the site asked for. What was not asked for is not granted. */
    asked: ('analytical' | 'marketing')[];
    /** Beside the choice before. withdrawn: something granted no longer is. */
    change: 'first' | 'changed' | 'withdrawn' | 'same';
    text_version: string;
    language: string;
    surface: Schemas['ConsentSurface'];
    gpc: boolean;
  };
  ConsentSurface: 'banner' | 'settings' | 'api';
  ConsentText: {
    title: string;
    body: string;
    accept: string;
    refuse: string;
    choose: string;
    save: string;
    analytical: string;
    analytical_detail: string;
    marketing: string;
    marketing_detail: string;
    reopen: string;
    /** Shown where the browser asks not to be tracked. */
    gpc: string;
    /** Words of the link to the privacy policy. */
    policy: string;
  };
  ConsentTextVersion: {
    version: string;
    language: string;
    text: Schemas['ConsentText'];
    first_shown: string;
    /** Choices made under it. */
    choices: number;
    current: boolean;
  };
  ConsentTexts: {
    texts: Schemas['ConsentTextVersion'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  Coverage: {
    /** All requests of the window. */
    requests: number;
    /** Those of which a row is kept. */
    kept: number;
  };
  Domain: {
    /** www.example.com, or *.example.com for every name below it. */
    pattern: string;
    /** Slug of its tenant. */
    tenant: string;
    created: string;
    /** Since when it is known to be theirs; null: a claim, which counts for nobody else. */
    verified: string | null;
    /** How that is known. */
    verified_by: 'operator' | 'dns' | 'file' | null;
    /** When its proof was last looked for. */
    checked: string | null;
    /** Why the proof was not found. */
    error: string | null;
  };
  DomainList: {
    domains: Schemas['Domain'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  EmailChange: {
    email: string;
    expires: string;
  };
  EmailChangeToken: {
    /** From the link for another e-mail address; it stands behind its #. */
    token: string;
  };
  EndedSessions: {
    ended: number;
  };
  Erasure: {
    /** Of the entry in the list of erasures; it names nobody. */
    id: string;
    time: string;
    erased: {
      place: string;
      rows: number;
    }[];
    /** Every store, searched again afterwards. */
    searched: {
      place: string;
      found: number;
    }[];
    complete: boolean;
    /** The first erasure that was asked for under the same id. */
    repeated?: string | null;
  };
  Erasures: {
    erasures: Schemas['Erasure'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  Field: {
    name: string;
    title: string;
    kind: 'text' | 'number' | 'flag';
    /** Other spellings, among them OpenTelemetry and ECS names. */
    aliases: string[];
  };
  Fields: {
    fields: Schemas['Field'][];
    metrics: string[];
    steps: string[];
  };
  Funnel: {
    window: {
      from: string;
      to: string;
    };
    steps: {
      kind: string;
      match: string;
      visitors: number;
      /** Of the first step’s visitors. */
      share: number | null;
    }[];
  };
  FunnelQuestion: {
    from: string;
    to: string;
    domain?: string;
    /** From a person’s first step to the last. */
    within_minutes: number;
    steps: Schemas['FunnelStep'][];
  };
  FunnelStep: {
    kind: 'page_view' | 'click' | 'outbound' | 'custom';
    /** Path of a page view, name of anything else. */
    match: string;
  };
  Ga4Settings: {
    measurement_id: string;
    tag: boolean;
    /** Needs the secret api_secret. */
    measurement: boolean;
    /** For the Data API, to compare; needs the secret service_account. */
    property_id: string | null;
  };
  Hosts: {
    /** Id of the tenant by host (www.acme.example), or by all that is below one (*.acme.example). A host of its own comes before a wildcard, a longer wildcard before a shorter. */
    hosts: { [name: string]: string };
  };
  ImportEvent:
    | {
        progress: Schemas['ImportProgress'];
      }
    | {
        reject: {
          line: number;
          reason: string;
          detail: string;
          excerpt: string;
        };
      }
    | {
        result: Schemas['ImportResult'];
      }
    | {
        error: Schemas['Problem'];
      };
  ImportProgress: {
    /** Decompressed bytes that are stored. */
    bytes: number;
    lines: number;
    /** Bytes of the body that were read. */
    received: number;
  };
  ImportResult: {
    name: string;
    format: string;
    lines: {
      read: number;
      accepted: number;
      rejected: number;
      /** Lines that an earlier import of the file had counted. */
      known: number;
    };
    /** Rejected lines by reason. */
    reasons: { [name: string]: number };
    /** The first examples. */
    rejects: {
      line: number;
      reason: string;
      detail: string;
      excerpt: string;
    }[];
    /** First and last time of the accepted lines. */
    window: Schemas['Window'] | null;
    /** Why the file ended early, if it did. */
    truncated: string | null;
  };
  ImportedFile: {
    id: string;
    name: string;
    format: string;
    /** Decompressed bytes that are stored. */
    bytes: number;
    lines: {
      read: number;
      accepted: number;
      rejected: number;
    };
    window: Schemas['Window'] | null;
    started: string;
    updated: string;
    /** Parts were under way when it last stopped; import it again. */
    interrupted: boolean;
  };
  Imports: {
    imports: Schemas['ImportedFile'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  IngestAnswer: {
    accepted: number;
    rejected: {
      index: number;
      reason: string;
    }[];
  };
  IngestRequest: {
    /** When it was: RFC 3339, or ms since the epoch. */
    time: string | number;
    /** UUID of the sender’s choosing. */
    id?: string;
    /** IPv4 or IPv6 address of the client. */
    'client.address'?: string;
    /** Host that was asked. */
    'server.address'?: string;
    'http.request.method'?: string;
    /** Percent-encoded as it was sent. */
    'url.path'?: string;
    /** Without the question mark. */
    'url.query'?: string;
    /** Template of the path, such as /users/{id}. */
    'http.route'?: string;
    'http.response.status_code'?: number;
    /** s */
    'http.server.request.duration'?: number;
    /** bytes */
    'http.request.body.size'?: number;
    /** bytes */
    'http.response.body.size'?: number;
    'user_agent.original'?: string;
    /** 1.1, 2, 3 */
    'network.protocol.version'?: string;
    /** The person’s choice about analytical cookies. */
    'vedette.consent'?: 'granted' | 'refused' | 'unknown';
  };
  Integration: {
    kind: Schemas['IntegrationKind'];
    enabled: boolean;
    settings: Schemas['Ga4Settings'] | Schemas['ClaritySettings'] | null;
    secrets: {
      name: string;
      set: boolean;
      changed: string | null;
    }[];
    last_success: string | null;
    last_error: {
      at: string;
      text: string;
    } | null;
    /** Events handed to the provider since it was set up. */
    sent: number;
    /** Events that wait for the provider. */
    waiting: number;
    /** Of the provider’s calls today, where it limits them. */
    calls_left: number | null;
  };
  IntegrationChange: {
    enabled: boolean;
    settings: Schemas['Ga4Settings'] | Schemas['ClaritySettings'];
    secrets?: { [name: string]: null | string };
  };
  IntegrationFigures: {
    kind: Schemas['IntegrationKind'];
    fetched: string | null;
    rows: {
      /** A day, or a metric’s name. */
      key: string;
      provider: number | null;
      own: number | null;
      unit: string;
    }[];
  };
  IntegrationKind: 'ga4' | 'clarity';
  IntegrationTest: {
    good: boolean;
    checks: {
      name: string;
      good: boolean;
      detail: string;
    }[];
  };
  Integrations: {
    integrations: Schemas['Integration'][];
  };
  InteractionBy: 'kind' | 'name' | 'path' | 'country' | 'device_type' | 'class' | 'hour' | 'day';
  InteractionEvent: {
    /** Random; an event that is sent again keeps it. */
    id: string;
    kind: Schemas['InteractionKind'];
    /** ms from the event to the sending: no clock is trusted. */
    age: number;
    /** Of the page, without query and fragment. */
    path: string;
    query?: string;
    referrer?: string;
    /** Of the widget, vital, event; host of an outbound link. */
    name?: string;
    value?: number;
  };
  InteractionKind: 'page_view' | 'click' | 'outbound' | 'vital' | 'error' | 'banner' | 'custom';
  InteractionRow: {
    /** What the row is about; times as RFC 3339. */
    key: string;
    /** All of them, whatever people chose. */
    count: number;
    /** Of people who granted. */
    consented: number;
    /** Different people who granted. */
    visitors: number | null;
    /** Of the values; null where none is told. */
    p50: number | null;
    p75: number | null;
    p95: number | null;
  };
  Interactions: {
    window: {
      from: string;
      to: string;
    };
    by: Schemas['InteractionBy'];
    total: {
      count: number;
      consented: number;
    };
    rows: Schemas['InteractionRow'][];
  };
  Invitation: {
    id: string;
    email: string;
    role: Schemas['Role'];
    /** Name; null: an operator without an account. */
    invited_by: string | null;
    created: string;
    sent: string;
    expires: string;
    expired: boolean;
    /** How its last mail fares; null: there was none, the link was passed on. */
    mail: {
      state: 'waiting' | 'sent' | 'dropped' | 'failed';
      /** What the mail server said last. */
      error: string | null;
    } | null;
  };
  InvitationToken: {
    /** From the link of the invitation; it stands behind its #. */
    token: string;
  };
  Invitations: {
    invitations: Schemas['Invitation'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  KeptData: {
    name: string;
    what: string;
    why: string;
    where: string;
    until: string;
    rows: number | null;
    oldest: string | null;
  };
  KeyList: {
    keys: Schemas['ApiKey'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  KeyRotation: {
    /** How long the old key stays good, from 0s to 7d; 24h when absent. With 0s it ends at once. */
    overlap?: string;
  };
  KeyScope: 'ingest' | 'read' | 'admin';
  LogIn: {
    email: string;
    /** At least 12 characters. */
    password: string;
  };
  LogInAnswer:
    | {
        next: 'done';
      }
    | {
        next: 'second-factor';
        /** One of these is still to be shown, within ten minutes. */
        factors: Schemas['SecondFactorKind'][];
      };
  LogInWays: {
    /** Whether the installation has an owner yet. */
    set_up: boolean;
    /** Single sign-on, where it is set up: GET /api/v1/log-in/sso. */
    sso: {
      /** What the provider is called. */
      name: string;
    } | null;
    /** Whether passkeys work at the address that was asked. */
    passkeys: boolean;
    /** Whether a new password can be had by mail. */
    mail: boolean;
    password: {
      min_length: number;
      max_length: number;
    };
  };
  MadeKey: {
    /** The key itself. It is kept nowhere. */
    token: string;
    key: Schemas['ApiKey'];
    scope: Schemas['KeyScope'];
  };
  Me: {
    principal: {
      kind: 'user' | 'link' | 'key' | 'socket';
      /** Of a key. */
      scope: Schemas['KeyScope'] | null;
    };
    user: Schemas['User'] | null;
    /** Whether the installation has an owner yet. */
    set_up: boolean;
    /** Those the caller may see, by slug. */
    tenants: Schemas['MyTenant'][];
    version: string;
    attributions: {
      name: string;
      text: string;
      url: string;
    }[];
  };
  MyTenant: {
    id: string;
    slug: string;
    name: string;
    /** Whether it is Tenant0, the installation itself. */
    installation: boolean;
    /** Whether its people may do nothing in it without a second factor. Single sign-on and passkeys are whole. */
    second_factor: 'optional' | 'required';
    /** null for operators, keys and one-time links. */
    role: Schemas['Role'] | null;
    /** What the caller may do there. */
    permissions: Schemas['Permission'][];
    suspended: boolean;
    /** Whether the caller may do nothing there until a second factor is shown, or set up. */
    second_factor_missing: boolean;
  };
  NewAccount: {
    /** E-mail address; upper and lower case are the same. */
    email: string;
    name: string;
    /** At least 12 characters. */
    password: string;
    /** BCP 47; null: as the browser asks. */
    locale?: string | null;
  };
  NewConsent: {
    /** Host of the site the person is on. */
    domain: string;
    /** Stands for the person in the evidence; random, kept in the consent cookie. */
    proof_id: string;
    /** Random; sent only where analytical is granted. */
    visitor_id?: string;
    choices: Schemas['ConsentChoices'];
    /** Of the text that was shown. */
    text_version: string;
    /** BCP 47, of the text that was shown. */
    language: string;
    /** What was asked for; by default what the site asks for now. Nothing else is granted. */
    asked?: ('analytical' | 'marketing')[];
    surface: Schemas['ConsentSurface'];
    /** Whether the browser sends Sec-GPC: 1. */
    gpc: boolean;
  };
  NewDomain: {
    /** www.example.com or *.example.com */
    pattern: string;
    /** Whether it counts without a proof; for operators, whose word it is: true unless told. */
    verified?: boolean;
  };
  NewEmail: {
    /** E-mail address; upper and lower case are the same. */
    email: string;
    /** The present password, where the account has one. */
    password?: string;
  };
  NewInvitation: {
    /** E-mail address. */
    email: string;
    role: Schemas['Role'];
    /** BCP 47; null: as the browser asks. */
    locale?: string | null;
  };
  NewKey: {
    scope: Schemas['KeyScope'];
    /** What people call it: who uses it, for what. */
    name?: string;
    /** RFC 3339, or a time from now such as +90d; absent: never. */
    expires?: string;
  };
  NewPasskey: {
    /** What its owner calls it. */
    name: string;
    response: {
      id: string;
      rawId: string;
      type: 'public-key';
      authenticatorAttachment?: string | null;
      clientExtensionResults: { [name: string]: unknown };
      response: {
        clientDataJSON: string;
        attestationObject: string;
        transports?: string[];
      };
    };
  };
  NewQuota: {
    /** Requests that are taken in on one UTC day; null: no bound. */
    requests_per_day?: number | null;
    /** People who are members; null: no bound. */
    users?: number | null;
    /** Days that anything of its traffic is kept at most; null: as its policy says. */
    retention_days?: number | null;
  };
  NewTenant: {
    /** Short name, as in a host. */
    slug: string;
    name?: string;
  };
  NewView: {
    /** What it is called; no two of one person are called the same. */
    name: string;
    /** The screen that it opens. */
    screen: 'explore';
    /** The query of the screen’s address, without `?` and without `tenant`. */
    query: string;
    /** Whether everybody in the tenant sees it. */
    shared?: boolean;
  };
  OpenInvitation: {
    /** Name of the tenant. */
    tenant: string;
    email: string;
    role: Schemas['Role'];
    expires: string;
    /** Whether the address has an account, whose password is wanted then. */
    account: boolean;
  };
  OpenReset: {
    email: string;
    expires: string;
  };
  Ownership: {
    state: 'verified' | 'unverified';
    /** How that is known. */
    verified_by: 'operator' | 'dns' | 'file' | null;
    /** A record that proves it; null for an address, which has none. */
    dns: {
      name: string;
      type: 'TXT';
      value: string;
    } | null;
    /** A file that proves it, over https or http; redirects to other hosts are not followed. */
    file: {
      url: string;
      content: string;
    };
    /** When its proof was last looked for. */
    checked: string | null;
    /** Why the proof was not found. */
    error: string | null;
  };
  Passkey: {
    id: string;
    name: string;
    created: string;
    last_used: string | null;
    /** Whether it is kept on several devices by its provider. */
    synced: boolean;
  };
  PasskeyAdded: {
    passkey: Schemas['Passkey'];
    /** Shown this once; null where the account has some already. */
    recovery_codes: string[] | null;
  };
  PasskeyCreation: {
    challenge: string;
    rp: {
      id?: string;
      name: string;
    };
    user: {
      id: string;
      name: string;
      displayName: string;
    };
    pubKeyCredParams: {
      type: 'public-key';
      alg: number;
    }[];
    timeout?: number;
    excludeCredentials?: {
      id: string;
      type: 'public-key';
      transports?: string[];
    }[];
    authenticatorSelection?: unknown;
    attestation?: string;
    hints?: string[];
    extensions?: unknown;
  };
  PasskeyList: {
    passkeys: Schemas['Passkey'][];
  };
  PasskeyLogIn: {
    response: {
      id: string;
      rawId: string;
      type: 'public-key';
      authenticatorAttachment?: string | null;
      clientExtensionResults: { [name: string]: unknown };
      response: {
        clientDataJSON: string;
        authenticatorData: string;
        signature: string;
        userHandle?: string | null;
      };
    };
  };
  PasskeyRename: {
    /** What its owner calls it. */
    name: string;
  };
  PasskeyRequest: {
    challenge: string;
    rpId?: string;
    timeout?: number;
    allowCredentials?: {
      id: string;
      type: 'public-key';
      transports?: string[];
    }[];
    userVerification?: string;
    hints?: string[];
    extensions?: unknown;
  };
  PasswordChange: {
    current: string;
    /** At least 12 characters. */
    password: string;
  };
  People: {
    people: Schemas['Person'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  Permission: 'read' | 'export' | 'ingest' | 'views' | 'privacy' | 'settings' | 'keys' | 'people' | 'audit' | 'operate';
  Person: {
    user_id: string;
    email: string;
    name: string;
    role: Schemas['Role'];
    joined: string;
    /** null: never. */
    last_log_in: string | null;
    /** Whether more than a password is asked for. */
    two_factor: boolean;
    /** Whether an operator has disabled the account. */
    disabled: boolean;
  };
  PersonExport: {
    /** Its slug. */
    tenant: string;
    exported: string;
    places: {
      place: string;
      what: string;
      records: { [name: string]: unknown }[];
    }[];
  };
  PersonLine:
    | {
        place: string;
        record: { [name: string]: unknown };
      }
    | {
        end: { [name: string]: number };
      };
  PersonQuestion: {
    proof_id?: string;
    visitor_id?: string;
  };
  Privacy: {
    policy: Schemas['PrivacyPolicy'];
    /** The policy in sentences. */
    plain: string[];
    kept: Schemas['KeptData'][];
  };
  PrivacyPolicy: {
    retention_days: {
      /** Rows of people who granted. */
      granted: number;
      /** Pseudonymous rows of those who have not chosen. */
      unknown: number;
      /** Rows of bots, hosting networks and attacks that refused or sent GPC. */
      refused: number;
      /** Interactions of people who granted. */
      interactions: number;
      /** Derived sessions. */
      sessions: number;
      /** Consent evidence, after the last choice under its proof id. */
      evidence: number;
    };
    /** What is kept of who has not chosen: a pseudonymous row, or counts only. */
    unknown: 'pseudonymous' | 'counted';
    /** Whether cities are kept at all. */
    city: boolean;
    /** Most that is kept of a referrer. */
    referrer: 'full' | 'host' | 'none';
    /** Whether DNT: 1 counts as a refusal too. */
    honour_dnt: boolean;
    /** Shared and public figures show no group of fewer people (k-anonymity). */
    least_group: number;
    banner: {
      enabled: boolean;
      purposes: ('analytical' | 'marketing')[];
      policy_url: string | null;
      ask_again_days: number;
      /** Own words by language; what is absent is the product’s. */
      texts: {
        [name: string]: {
          title?: string;
          body?: string;
          accept?: string;
          refuse?: string;
          choose?: string;
          save?: string;
          analytical?: string;
          analytical_detail?: string;
          marketing?: string;
          marketing_detail?: string;
          reopen?: string;
          /** Shown where the browser asks not to be tracked. */
          gpc?: string;
          /** Words of the link to the privacy policy. */
          policy?: string;
        };
      };
    };
  };
  PrivacyPreview: {
    plain: string[];
    /** What differs from the policy that holds, in sentences. */
    changes: string[];
  };
  PrivacyScan: {
    state: 'never' | 'running' | 'done' | 'failed';
    started: string | null;
    finished: string | null;
    looked_at: {
      place: string;
      items: number;
      bytes: number;
    }[];
    skipped: {
      place: string;
      why: string;
    }[];
    findings: Schemas['ScanFinding'][];
    error: string | null;
  };
  Problem: {
    /** What kind of problem: a stable URN. */
    type: string;
    title: string;
    status: number;
    /** What is wrong here, for people. */
    detail?: string;
    /** The request, as the log names it. */
    instance?: string;
    /** Each parameter or field that is wrong. */
    errors?: {
      name: string;
      reason: string;
      /** Which one, from 0, of a parameter that may be repeated. */
      index?: number;
    }[];
  };
  Quota: {
    /** Requests that are taken in on one UTC day; null: no bound. */
    requests_per_day: number | null;
    /** People who are members; null: no bound. */
    users: number | null;
    /** Days that anything of its traffic is kept at most; null: as its policy says. */
    retention_days: number | null;
  };
  QuotaAnswer: {
    requests_per_day: {
      /** Requests that are taken in on one UTC day; null: no bound. */
      limit: number | null;
      /** Requests taken in since the UTC day began. */
      used: number;
      /** When the UTC day ends. */
      resets: string;
    };
    users: {
      /** People who are members; null: no bound. */
      limit: number | null;
      used: number;
    };
    retention_days: {
      /** Days that anything of its traffic is kept at most; null: as its policy says. */
      limit: number | null;
    };
  };
  RecoveryCodes: {
    /** Shown this once; each is good once. null where the account has some already. */
    recovery_codes: string[] | null;
  };
  RequestRow: {
    id: string;
    time: string;
    received: string;
    domain: string;
    method: string;
    /** Redacted. */
    path: string;
    /** The path as a template. */
    route: string;
    /** Redacted. */
    query: string;
    status: number | null;
    duration_ms: number | null;
    bytes_in: number | null;
    bytes_out: number | null;
    protocol: string;
    /** Selected ones, none with credentials. */
    headers: { [name: string]: string };
    /** null: the source does not say; empty: the client sent none. */
    user_agent: string | null;
    referrer: string;
    /** granted, refused or unknown. */
    consent: string;
    /** Of people who granted. */
    visitor_id: string;
    /** Stands for the address for a day: an unsigned 64-bit integer as text. */
    client_key: string;
    /** Stands for its network for a day. */
    net_key: string;
    /** ISO 3166-1 alpha-2. */
    country: string;
    region: string;
    city: string;
    asn: number | null;
    network: string;
    network_kind: string;
    device: string;
    os: string;
    browser: string;
    bot: boolean;
    bot_name: string;
    bot_kind: string;
    bot_verified: boolean;
    threat_score: number | null;
    /** Who holds the address to be hostile. */
    threat_sources: string[];
    attack_score: number | null;
    /** Ids of the rules that matched. */
    attack_rules: string[];
    /** edge, import, beacon or self. */
    origin: string;
  };
  RequestRows: {
    requests: Schemas['RequestRow'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  ResetRedemption: {
    /** From the link for a new password; it stands behind its #. */
    token: string;
    /** At least 12 characters. */
    password: string;
  };
  ResetRequest: {
    /** E-mail address. */
    email: string;
  };
  ResetToken: {
    /** From the link for a new password; it stands behind its #. */
    token: string;
  };
  Role: 'owner' | 'admin' | 'analyst' | 'viewer';
  RoleChange: {
    role: Schemas['Role'];
  };
  RotatedKey: {
    /** The key itself. It is kept nowhere. */
    token: string;
    key: Schemas['ApiKey'];
    scope: Schemas['KeyScope'];
    former: Schemas['ApiKey'];
  };
  SavedView: {
    id: string;
    /** What it is called; no two of one person are called the same. */
    name: string;
    /** The screen that it opens. */
    screen: 'explore';
    /** The query of the screen’s address, without `?` and without `tenant`. */
    query: string;
    /** Whether everybody in the tenant sees it. */
    shared: boolean;
    /** Whether it is the caller’s. */
    mine: boolean;
    /** Name of whose it is; null: of nobody in the tenant. */
    owner: string | null;
    created: string;
    updated: string;
  };
  SavedViews: {
    views: Schemas['SavedView'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  ScanFinding: {
    kind: 'address' | 'email' | 'secret';
    /** Table and column, file, topic. */
    place: string;
    count: number;
    /** One of them, most of it masked. */
    sample: string;
    /** Why it may be there; null: it may not. */
    excepted: string | null;
  };
  SecondFactor: {
    /** The six digits an authenticator app shows, or a recovery code. */
    code: string;
  };
  SecondFactorKind: 'totp' | 'passkey' | 'recovery';
  SentInvitation: {
    id: string;
    email: string;
    role: Schemas['Role'];
    /** Name; null: an operator without an account. */
    invited_by: string | null;
    created: string;
    sent: string;
    expires: string;
    expired: boolean;
    /** How its last mail fares; null: there was none, the link was passed on. */
    mail: {
      state: 'waiting' | 'sent' | 'dropped' | 'failed';
      /** What the mail server said last. */
      error: string | null;
    } | null;
    /** To pass on, where the hub sends no mail; it is shown this once. null: it goes out by mail. */
    link: string | null;
  };
  Session: {
    id: string;
    /** Whether it is the one that asks. */
    current: boolean;
    created: string;
    last_used: string;
    expires: string;
    /** Browser and system; empty for unknown. */
    agent: string;
    /** City and country; empty for unknown. */
    place: string;
    /** By what it was opened. */
    factors: string[];
  };
  SessionBy: 'day' | 'entry' | 'exit' | 'country' | 'device_type' | 'referrer';
  SessionList: {
    sessions: Schemas['Session'][];
  };
  SessionRow: {
    key: string;
    sessions: number;
    /** Of people who granted over the whole window. */
    visitors: number;
    /** Of the rest, counted anew each day. */
    daily_visitors: number;
    /** Sessions of one page. */
    bounce_rate: number | null;
    pages_per_session: number | null;
    /** s */
    duration_p50: number | null;
  };
  Sessions: {
    window: {
      from: string;
      to: string;
    };
    derived_until: string | null;
    by: Schemas['SessionBy'];
    total: Schemas['SessionRow'];
    rows: Schemas['SessionRow'][];
  };
  Site: {
    domain: string;
    /** false: nobody is asked, and so nothing is granted. */
    banner: boolean;
    purposes: ('analytical' | 'marketing')[];
    language: string;
    text_version: string;
    text: Schemas['ConsentText'];
    policy_url: string | null;
    honour_dnt: boolean;
    /** How long a choice holds; then the person is asked again. */
    ask_again_days: number;
    tags: {
      ga4: {
        measurement_id: string;
      } | null;
      clarity: {
        project_id: string;
      } | null;
    };
  };
  Source: {
    id: string;
    /** The way in. */
    kind: 'edge' | 'api' | 'otlp' | 'bulk' | 'syslog' | 'file';
    /** What it calls itself: a host, a service, a file. */
    name: string;
    /** Software and version, as it says; empty when it does not. */
    agent: string;
    first_seen: string;
    last_seen: string;
    /** Taken since it was first seen. */
    requests: number;
    /** Records that were wrong. */
    refused: number;
    /** What it gave up by its own account, since it was first seen. */
    dropped: number;
    /** Requests taken a second, over the last minute. */
    per_second: number;
    /** From the newest request’s time to when it arrived; null when unknown. */
    lag_seconds: number | null;
    /** Its clock less the hub’s; null when it does not tell its time. */
    clock_skew_seconds: number | null;
    last_error: {
      at: string;
      text: string;
    } | null;
    /** Live: heard of in the last two minutes. */
    state: 'live' | 'quiet';
  };
  Sources: {
    sources: Schemas['Source'][];
    first_request: string | null;
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  Status: {
    version: string;
    /** Times of the tenant’s first and last kept request; null when there are none. */
    requests: {
      first: string | null;
      last: string | null;
    };
    hub: {
      started: string;
      accepted: number;
      refused: number;
      /** Requests accepted a second, over the last minute. */
      per_second: number;
      batches: number;
      /** Batches that the store will never take. */
      dead: number;
      waiting: {
        rows: number;
        spool_batches: number;
        spool_bytes: number;
      };
      store_reachable: boolean;
      last_batch: string | null;
      /** The disk of the hub that has the least room for its bounds. */
      disk: {
        state: 'good' | 'low' | 'stopped' | 'full';
        /** Bytes. */
        free: number;
        size: number;
        /** Free bytes below which it is warned of. */
        warn: number;
        /** Free bytes below which nothing more is taken in. */
        stop: number;
      };
    } | null;
  };
  Tenant: {
    id: string;
    slug: string;
    name: string;
    /** Whether it is Tenant0, the installation itself. */
    installation: boolean;
    /** Whether its people may do nothing in it without a second factor. Single sign-on and passkeys are whole. */
    second_factor: 'optional' | 'required';
  };
  TenantChange: {
    name?: string;
    /** Whether its people may do nothing in it without a second factor. Single sign-on and passkeys are whole. */
    second_factor?: 'optional' | 'required';
  };
  TenantDeletion: {
    id: string;
    /** The tenant as it was. */
    tenant: {
      id: string;
      slug: string;
      name: string;
    };
    asked_by: string;
    asked: string;
    state: 'running' | 'done';
    /** Rows deleted so far, by place. */
    deleted: {
      place: string;
      rows: number;
    }[];
    /** Rows found when every place was searched again; null while it runs. */
    found:
      | {
          place: string;
          rows: number;
        }[]
      | null;
    /** Whether nothing was found, and every place could be searched to its end. */
    complete: boolean | null;
    /** null while it runs. */
    finished: string | null;
    /** Why the last attempt ended, while it runs; it is tried again. */
    error: string | null;
  };
  TenantDeletionList: {
    deletions: Schemas['TenantDeletion'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  TenantDetail: {
    id: string;
    slug: string;
    name: string;
    /** Whether it is Tenant0, the installation itself. */
    installation: boolean;
    /** Whether its people may do nothing in it without a second factor. Single sign-on and passkeys are whole. */
    second_factor: 'optional' | 'required';
    created: string;
    /** Since when it is suspended. */
    suspended: string | null;
    /** Since when it is being deleted. */
    deleting: string | null;
    /** Its members. */
    people: number;
    /** Its domains, those that are not verified among them. */
    domains: number;
    /** Requests taken in since the UTC day began. */
    requests_today: number;
    quota: Schemas['Quota'];
  };
  TenantList: {
    tenants: Schemas['TenantDetail'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  TenantRemoval: {
    /** The tenant’s slug, typed. */
    confirm: string;
  };
  TotpSetUp: {
    /** Base32, to be typed. */
    secret: string;
    /** otpauth://…, as the QR code has it. */
    uri: string;
    /** The QR code, an SVG document. */
    qr_svg: string;
  };
  TrafficAnswer: {
    window: Schemas['Window'];
    /** The window compared with; null without compare. */
    compared: Schemas['Window'] | null;
    rows: Schemas['TrafficRow'][];
    /** Whether the roll-ups answered, which count everything, or the rows that are kept. */
    source: 'roll-up' | 'rows';
    /** The share of the rows that was looked at; figures are scaled by it. 1: all of them, figures are exact. */
    sampling: number;
    /** Of how many requests of the window the rows are kept that answered; null when the roll-ups answered. */
    coverage: Schemas['Coverage'] | null;
  };
  TrafficRow: { [name: string]: string | number | boolean | null };
  TwoFactor: {
    totp: boolean;
    passkeys: number;
    recovery_codes_left: number;
  };
  User: {
    id: string;
    email: string;
    name: string;
    /** BCP 47; null: as the browser asks. */
    locale: string | null;
  };
  UserAccount: {
    id: string;
    email: string;
    name: string;
    /** BCP 47; null: as the browser asks. */
    locale: string | null;
    created: string;
    /** null: never. */
    last_log_in: string | null;
    /** Since when; null: it is not. */
    disabled: string | null;
    tenants: {
      slug: string;
      role: Schemas['Role'];
    }[];
  };
  Users: {
    users: Schemas['UserAccount'][];
    /** The cursor of the next page; null: this is the last. */
    next: string | null;
  };
  ViewChange: {
    /** What it is called; no two of one person are called the same. */
    name?: string;
    /** The query of the screen’s address, without `?` and without `tenant`. */
    query?: string;
    /** Whether everybody in the tenant sees it. */
    shared?: boolean;
  };
  WidgetRate: {
    name: string;
    /** All, whatever people chose. */
    clicks: number;
    consented_clicks: number;
    /** People who granted and clicked it. */
    visitors: number;
    /** People who granted and viewed a page on which it was clicked. */
    page_visitors: number;
    /** visitors / page_visitors; null without any. */
    rate: number | null;
  };
  Widgets: {
    window: {
      from: string;
      to: string;
    };
    widgets: Schemas['WidgetRate'][];
  };
  Window: {
    /** Inclusive. */
    from: string;
    /** Exclusive. */
    to: string;
  };
}

/** Routes by path and method. */
export interface Api {
  '/api/v1/account': {
    /** One’s own account */
    GET: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: Schemas['Account'];
      lines: undefined;
      creates: false;
    };
    /** Changes one’s own name or language */
    PATCH: {
      params: undefined;
      query: undefined;
      body: Schemas['AccountChange'];
      answer: Schemas['User'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/email-change': {
    /** Has a link sent to another e-mail address, which the account has once it is opened */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['NewEmail'];
      answer: Schemas['EmailChange'];
      lines: undefined;
      creates: false;
    };
    /** Voids the link for another e-mail address */
    DELETE: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/email-change/confirm': {
    /** Gives one’s own account the e-mail address to which the link was sent */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['EmailChangeToken'];
      answer: Schemas['User'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/email-change/look': {
    /** Which e-mail address a link confirms */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['EmailChangeToken'];
      answer: Schemas['EmailChange'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/passkeys': {
    /** One’s own passkeys */
    GET: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: Schemas['PasskeyList'];
      lines: undefined;
      creates: false;
    };
    /** Adds a passkey */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['NewPasskey'];
      answer: Schemas['PasskeyAdded'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/passkeys/options': {
    /** What navigator.credentials.create needs for a new passkey */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['Confirmation'];
      answer: Schemas['PasskeyCreation'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/passkeys/{id}': {
    /** Gives one of one’s own passkeys another name */
    PATCH: {
      params: { id: string };
      query: undefined;
      body: Schemas['PasskeyRename'];
      answer: Schemas['Passkey'];
      lines: undefined;
      creates: false;
    };
    /** Takes one of one’s own passkeys away */
    DELETE: {
      params: { id: string };
      query: undefined;
      body: Schemas['Confirmation'];
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/password': {
    /** Changes one’s own password, and ends all other sessions */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['PasswordChange'];
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/recovery-codes': {
    /** Makes ten new recovery codes in the place of those before */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['Confirmation'];
      answer: Schemas['RecoveryCodes'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/sessions': {
    /** Where one is logged in */
    GET: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: Schemas['SessionList'];
      lines: undefined;
      creates: false;
    };
    /** Ends all of one’s own sessions but this one */
    DELETE: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: {
        ended: number;
      };
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/sessions/{id}': {
    /** Ends one of one’s own sessions */
    DELETE: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/tenants/{id}': {
    /** Leaves a tenant oneself */
    DELETE: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/totp': {
    /** Sets up an authenticator app */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['Confirmation'];
      answer: Schemas['TotpSetUp'];
      lines: undefined;
      creates: false;
    };
    /** Takes one’s own authenticator app away */
    DELETE: {
      params: undefined;
      query: undefined;
      body: Schemas['Confirmation'];
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/account/totp/confirm': {
    /** Puts the authenticator app in force by its first code */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['SecondFactor'];
      answer: Schemas['RecoveryCodes'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/audit': {
    /** The audit log, the newest entries first */
    GET: {
      params: undefined;
      query: {
        tenant?: string;
        from?: string;
        to?: string;
        actor?: string;
        action?: string;
        limit?: number;
        cursor?: string;
      };
      body: undefined;
      answer: Schemas['AuditAnswer'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/audit/export': {
    /** The audit log as a file, the newest entries first */
    GET: {
      params: undefined;
      query: {
        tenant?: string;
        from?: string;
        to?: string;
        actor?: string;
        action?: string;
        format?: 'csv' | 'ndjson';
      };
      body: undefined;
      answer: string;
      lines: Schemas['AuditRecord'];
      creates: false;
    };
  };
  '/api/v1/audit/integrity': {
    /** Whether the audit log is as it was written */
    GET: {
      params: undefined;
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['AuditIntegrity'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/consent': {
    /** Choices by day, and people by their latest choice */
    GET: {
      params: undefined;
      query: { tenant?: string; from?: string; to?: string; domain?: string };
      body: undefined;
      answer: Schemas['Consent'];
      lines: undefined;
      creates: false;
    };
    /** Takes a person’s choice as evidence, from the browser script; answered once it is stored */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['NewConsent'];
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/consent/export': {
    /** The evidence as a file, in order of time */
    GET: {
      params: undefined;
      query: { tenant?: string; from?: string; to?: string; domain?: string; format?: 'csv' | 'ndjson' };
      body: undefined;
      answer: string;
      lines: Schemas['ConsentRecord'];
      creates: false;
    };
  };
  '/api/v1/consent/proofs/{proof_id}': {
    /** Every choice under one proof id, the latest first */
    GET: {
      params: { proof_id: string };
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['ConsentProof'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/consent/texts': {
    /** The words that were shown, with the choices made under them */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['ConsentTexts'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/domains': {
    /** Domains of a tenant; of all tenants for an operator who names none */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['DomainList'];
      lines: undefined;
      creates: false;
    };
    /** Adds a domain to a tenant */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['NewDomain'];
      answer: Schemas['Domain'];
      lines: undefined;
      creates: true;
    };
  };
  '/api/v1/domains/{pattern}': {
    /** Takes a domain away from a tenant */
    DELETE: {
      params: { pattern: string };
      query: { tenant?: string };
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/domains/{pattern}/check': {
    /** Looks for the proof now */
    POST: {
      params: { pattern: string };
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['Ownership'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/domains/{pattern}/ownership': {
    /** What proves that a domain is the tenant’s, and what was found of it */
    GET: {
      params: { pattern: string };
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['Ownership'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/fields': {
    /** Fields, metrics and steps of time that questions about traffic can use */
    GET: {
      params: undefined;
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['Fields'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/hosts': {
    /** Which hosts belong to which tenant, for edges to keep in memory */
    GET: {
      params: undefined;
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['Hosts'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/imports': {
    /** Files that were imported, the last first */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['Imports'];
      lines: undefined;
      creates: false;
    };
    /** Imports an access log, sent as it is: plain, gzip or zstd, of any size */
    POST: {
      params: undefined;
      query: {
        tenant?: string;
        name?: string;
        format?: string;
        custom?: string;
        domain?: string;
        follow?: boolean;
        rejects?: boolean;
      };
      body: Uint8Array | string;
      answer: Schemas['ImportResult'];
      lines: Schemas['ImportEvent'];
      creates: false;
    };
  };
  '/api/v1/imports/export': {
    /** All files that were imported, as a file, the last first */
    GET: {
      params: undefined;
      query: { tenant?: string; format?: 'csv' | 'ndjson' };
      body: undefined;
      answer: string;
      lines: Schemas['ImportedFile'];
      creates: false;
    };
  };
  '/api/v1/integrations': {
    /** The analytics services a tenant can connect, with what was set up and how it goes */
    GET: {
      params: undefined;
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['Integrations'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/integrations/{kind}': {
    /** Sets up or changes an integration */
    PUT: {
      params: { kind: 'ga4' | 'clarity' };
      query: { tenant?: string };
      body: Schemas['IntegrationChange'];
      answer: Schemas['Integration'];
      lines: undefined;
      creates: false;
    };
    /** Takes an integration away, with its secrets, its figures and all that waits to be sent */
    DELETE: {
      params: { kind: 'ga4' | 'clarity' };
      query: { tenant?: string };
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/integrations/{kind}/figures': {
    /** The provider’s figures beside the hub’s own */
    GET: {
      params: { kind: 'ga4' | 'clarity' };
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['IntegrationFigures'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/integrations/{kind}/test': {
    /** Tries the connection now */
    POST: {
      params: { kind: 'ga4' | 'clarity' };
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['IntegrationTest'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/interactions': {
    /** Figures of what people did in pages */
    GET: {
      params: undefined;
      query: {
        tenant?: string;
        from?: string;
        to?: string;
        domain?: string;
        limit?: number;
        by?: 'kind' | 'name' | 'path' | 'country' | 'device_type' | 'class' | 'hour' | 'day';
        kind?: 'page_view' | 'click' | 'outbound' | 'vital' | 'error' | 'banner' | 'custom';
        name?: string;
        class?: 'people' | 'bots' | 'hosting';
      };
      body: undefined;
      answer: Schemas['Interactions'];
      lines: undefined;
      creates: false;
    };
    /** Takes in what people do in pages, from the browser script */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['Beacon'];
      answer: Schemas['BeaconAnswer'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/interactions/funnel': {
    /** How many people who granted came how far through a sequence of steps */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['FunnelQuestion'];
      answer: Schemas['Funnel'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/interactions/widgets': {
    /** How often widgets were clicked, and by how many of those who saw their page */
    GET: {
      params: undefined;
      query: { tenant?: string; from?: string; to?: string; domain?: string; limit?: number };
      body: undefined;
      answer: Schemas['Widgets'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/invitations': {
    /** Open invitations of a tenant */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['Invitations'];
      lines: undefined;
      creates: false;
    };
    /** Invites somebody into a tenant, by e-mail address */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['NewInvitation'];
      answer: Schemas['SentInvitation'];
      lines: undefined;
      creates: true;
    };
  };
  '/api/v1/invitations/accept': {
    /** Accepts an invitation */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['Acceptance'];
      answer: Schemas['Accepted'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/invitations/look': {
    /** What an invitation is for */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['InvitationToken'];
      answer: Schemas['OpenInvitation'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/invitations/{id}': {
    /** Withdraws an invitation; its link is void */
    DELETE: {
      params: { id: string };
      query: { tenant?: string };
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/invitations/{id}/resend': {
    /** Sends an invitation again, with a new link and a new term; the former link is void */
    POST: {
      params: { id: string };
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['SentInvitation'];
      lines: undefined;
      creates: true;
    };
  };
  '/api/v1/keys': {
    /** API keys of a tenant */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['KeyList'];
      lines: undefined;
      creates: false;
    };
    /** Makes an API key; the answer is the only time it is shown */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['NewKey'];
      answer: Schemas['MadeKey'];
      lines: undefined;
      creates: true;
    };
  };
  '/api/v1/keys/{id}': {
    /** Revokes an API key */
    DELETE: {
      params: { id: string };
      query: { tenant?: string };
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/keys/{id}/rotate': {
    /** Makes a key that follows another; the answer is the only time it is shown */
    POST: {
      params: { id: string };
      query: { tenant?: string };
      body: Schemas['KeyRotation'];
      answer: Schemas['RotatedKey'];
      lines: undefined;
      creates: true;
    };
  };
  '/api/v1/log-in': {
    /** How one may log in here */
    GET: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: Schemas['LogInWays'];
      lines: undefined;
      creates: false;
    };
    /** Logs a person in */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['LogIn'];
      answer: Schemas['LogInAnswer'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/log-in/passkey': {
    /** Logs a person in by passkey */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['PasskeyLogIn'];
      answer: Schemas['LogInAnswer'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/log-in/passkey/options': {
    /** What navigator.credentials.get needs to log in */
    POST: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: Schemas['PasskeyRequest'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/log-in/second-factor': {
    /** Completes a log-in by a code of the authenticator app, or by a recovery code */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['SecondFactor'];
      answer: Schemas['LogInAnswer'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/log-in/sso': {
    /** Sends a browser to the provider of single sign-on */
    GET: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/log-in/sso/callback': {
    /** Where the provider sends a browser back to */
    GET: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: string;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/log-out': {
    /** Ends the session of this browser */
    POST: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/me': {
    /** Who is asking, and which tenants that one may see */
    GET: {
      params: undefined;
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['Me'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/password-resets': {
    /** Has a link for a new password sent by mail */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['ResetRequest'];
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/password-resets/look': {
    /** Whose password a link sets */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['ResetToken'];
      answer: Schemas['OpenReset'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/password-resets/redeem': {
    /** Sets a new password by the link of a mail, and ends all sessions */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['ResetRedemption'];
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/people': {
    /** The people of a tenant */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['People'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/people/sessions': {
    /** Ends the sessions of everybody, but not the one that asks */
    DELETE: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: Schemas['EndedSessions'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/people/{id}': {
    /** Changes what a person is in a tenant */
    PATCH: {
      params: { id: string };
      query: { tenant?: string };
      body: Schemas['RoleChange'];
      answer: Schemas['Person'];
      lines: undefined;
      creates: false;
    };
    /** Takes a person out of a tenant */
    DELETE: {
      params: { id: string };
      query: { tenant?: string };
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/people/{id}/disable': {
    /** Disables an account: nobody logs in to it, and all its sessions end at once */
    POST: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: Schemas['UserAccount'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/people/{id}/enable': {
    /** Enables an account that was disabled */
    POST: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: Schemas['UserAccount'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/people/{id}/reset-factors': {
    /** Takes away all second factors of somebody who has lost them, and ends all their sessions */
    POST: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: Schemas['UserAccount'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/people/{id}/sessions': {
    /** Ends all sessions of somebody, but not the one that asks */
    DELETE: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: Schemas['EndedSessions'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/privacy/erase': {
    /** Erases everything that is kept of a person, and proves it by searching every store */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['PersonQuestion'];
      answer: Schemas['Erasure'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/privacy/erasures': {
    /** Erasures, the latest first; they name nobody */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['Erasures'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/privacy/export': {
    /** Everything that is kept of a person, by proof id or visitor id */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['PersonQuestion'];
      answer: Schemas['PersonExport'];
      lines: Schemas['PersonLine'];
      creates: false;
    };
  };
  '/api/v1/privacy/policy': {
    /** What is kept of visitors, why and until when */
    GET: {
      params: undefined;
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['Privacy'];
      lines: undefined;
      creates: false;
    };
    /** Sets the policy of a tenant, whole */
    PUT: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['PrivacyPolicy'];
      answer: Schemas['Privacy'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/privacy/preview': {
    /** What a policy would mean, in sentences, without setting it */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['PrivacyPolicy'];
      answer: Schemas['PrivacyPreview'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/privacy/scan': {
    /** What the last privacy scan looked at and found */
    GET: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: Schemas['PrivacyScan'];
      lines: undefined;
      creates: false;
    };
    /** Looks for addresses, e-mail addresses and secrets in everything the hub stores */
    POST: {
      params: undefined;
      query: undefined;
      body: undefined;
      answer: Schemas['PrivacyScan'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/quota': {
    /** What the tenant may send, keep, and have people, and how much of that it has */
    GET: {
      params: undefined;
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['QuotaAnswer'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/requests': {
    /** Single requests, the latest first */
    GET: {
      params: undefined;
      query: { tenant?: string; from?: string; to?: string; where?: string[]; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['RequestRows'];
      lines: undefined;
      creates: false;
    };
    /** Takes requests in; answered once they are durable */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['IngestRequest'][];
      answer: Schemas['IngestAnswer'];
      lines: undefined;
      creates: true;
    };
  };
  '/api/v1/requests/export': {
    /** Single requests as a file, the latest first */
    GET: {
      params: undefined;
      query: { tenant?: string; from?: string; to?: string; where?: string[]; format?: 'csv' | 'ndjson' };
      body: undefined;
      answer: string;
      lines: Schemas['RequestRow'];
      creates: false;
    };
  };
  '/api/v1/requests/live': {
    /** Requests as they come in: server-sent events */
    GET: {
      params: undefined;
      query: { tenant?: string; where?: string[] };
      body: undefined;
      answer: string;
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/requests/{id}': {
    /** A single request */
    GET: {
      params: { id: string };
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['RequestRow'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/sessions': {
    /** Figures of people’s sessions that began in a window */
    GET: {
      params: undefined;
      query: {
        tenant?: string;
        from?: string;
        to?: string;
        domain?: string;
        limit?: number;
        by?: 'day' | 'entry' | 'exit' | 'country' | 'device_type' | 'referrer';
        consent?: 'granted' | 'unknown';
      };
      body: undefined;
      answer: Schemas['Sessions'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/set-up': {
    /** Makes the first account: the owner of the installation */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['NewAccount'];
      answer: Schemas['User'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/site': {
    /** What the consent banner of a site shows, for the browser script */
    GET: {
      params: undefined;
      query: { domain: string; language?: string };
      body: undefined;
      answer: Schemas['Site'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/sources': {
    /** What sends requests to a tenant, the last heard of first */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['Sources'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/sources/export': {
    /** What sends requests to a tenant, as a file, the last heard of first */
    GET: {
      params: undefined;
      query: { tenant?: string; format?: 'csv' | 'ndjson' };
      body: undefined;
      answer: string;
      lines: Schemas['Source'];
      creates: false;
    };
  };
  '/api/v1/status': {
    /** How the hub does, and since when the tenant has requests */
    GET: {
      params: undefined;
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['Status'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/tenant': {
    /** Renames the tenant, or says whether its people need a second factor; its slug stays */
    PATCH: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['TenantChange'];
      answer: Schemas['Tenant'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/tenant-deletions': {
    /** Deletions of tenants, the latest first */
    GET: {
      params: undefined;
      query: { limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['TenantDeletionList'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/tenant-deletions/{id}': {
    /** The deletion of a tenant, and the proof of it */
    GET: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: Schemas['TenantDeletion'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/tenants': {
    /** All tenants */
    GET: {
      params: undefined;
      query: { limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['TenantList'];
      lines: undefined;
      creates: false;
    };
    /** Makes a tenant */
    POST: {
      params: undefined;
      query: undefined;
      body: Schemas['NewTenant'];
      answer: Schemas['TenantDetail'];
      lines: undefined;
      creates: true;
    };
  };
  '/api/v1/tenants/{id}': {
    /** One tenant */
    GET: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: Schemas['TenantDetail'];
      lines: undefined;
      creates: false;
    };
    /** Renames a tenant, or says whether its people need a second factor; its slug stays */
    PATCH: {
      params: { id: string };
      query: undefined;
      body: Schemas['TenantChange'];
      answer: Schemas['TenantDetail'];
      lines: undefined;
      creates: false;
    };
    /** Deletes a tenant with everything of it */
    DELETE: {
      params: { id: string };
      query: undefined;
      body: Schemas['TenantRemoval'];
      answer: Schemas['TenantDeletion'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/tenants/{id}/quota': {
    /** Sets what a tenant may send, keep, and have people */
    PUT: {
      params: { id: string };
      query: undefined;
      body: Schemas['NewQuota'];
      answer: Schemas['TenantDetail'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/tenants/{id}/resume': {
    /** Ends the suspension of a tenant */
    POST: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: Schemas['TenantDetail'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/tenants/{id}/suspend': {
    /** Suspends a tenant */
    POST: {
      params: { id: string };
      query: undefined;
      body: undefined;
      answer: Schemas['TenantDetail'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/traffic': {
    /** Figures of a tenant’s traffic, grouped and filtered */
    GET: {
      params: undefined;
      query: {
        tenant?: string;
        from?: string;
        to?: string;
        where?: string[];
        metrics?: string[];
        by?: string[];
        limit?: number;
        order?: string;
        compare?: string;
        sampling?: 'auto' | 'none';
      };
      body: undefined;
      answer: Schemas['TrafficAnswer'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/traffic/export': {
    /** Figures of a tenant’s traffic as a file */
    GET: {
      params: undefined;
      query: {
        tenant?: string;
        from?: string;
        to?: string;
        where?: string[];
        metrics?: string[];
        by?: string[];
        limit?: number;
        order?: string;
        compare?: string;
        people_metrics?: string[];
        format?: 'csv' | 'ndjson';
      };
      body: undefined;
      answer: string;
      lines: Schemas['TrafficRow'];
      creates: false;
    };
  };
  '/api/v1/users': {
    /** All accounts, also those that are in no tenant */
    GET: {
      params: undefined;
      query: { email?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['Users'];
      lines: undefined;
      creates: false;
    };
  };
  '/api/v1/views': {
    /** Saved views: one’s own, and what is shared in the tenant */
    GET: {
      params: undefined;
      query: { tenant?: string; limit?: number; cursor?: string };
      body: undefined;
      answer: Schemas['SavedViews'];
      lines: undefined;
      creates: false;
    };
    /** Saves a view */
    POST: {
      params: undefined;
      query: { tenant?: string };
      body: Schemas['NewView'];
      answer: Schemas['SavedView'];
      lines: undefined;
      creates: true;
    };
  };
  '/api/v1/views/{id}': {
    /** A saved view */
    GET: {
      params: { id: string };
      query: { tenant?: string };
      body: undefined;
      answer: Schemas['SavedView'];
      lines: undefined;
      creates: false;
    };
    /** Changes a saved view: its name, what it shows, who sees it */
    PATCH: {
      params: { id: string };
      query: { tenant?: string };
      body: Schemas['ViewChange'];
      answer: Schemas['SavedView'];
      lines: undefined;
      creates: false;
    };
    /** Deletes a saved view */
    DELETE: {
      params: { id: string };
      query: { tenant?: string };
      body: undefined;
      answer: undefined;
      lines: undefined;
      creates: false;
    };
  };
}

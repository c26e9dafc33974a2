/* Files that go with what unsent.js keeps lie in the database of this device (IndexedDB) under the key of the act, until
   the server has taken it: localStorage has no room for a photo. A device that keeps none says so: false, or no files. */
"use strict";

window.baton.unsentFiles = (() => {
  const STORE = "files";

  function opened() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("baton-unsent", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function inStore(mode, act) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, mode);
        const asked = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  /* [field, file] for every file that was chosen in a form. */
  const chosen = (form) => [...new FormData(form)].filter(([, value]) => value instanceof File && value.size);

  return {
    chosen,
    async put(key, files) {
      try {
        await inStore("readwrite", (store) => store.put(files, key));
        return true;
      } catch {
        return false;
      }
    },
    async get(key) {
      try {
        return (await inStore("readonly", (store) => store.get(key))) ?? [];
      } catch {
        return [];
      }
    },
    async drop(key) {
      try {
        await inStore("readwrite", (store) => store.delete(key));
      } catch {
        // Nothing was kept.
      }
    },
  };
})();

import { connect } from '@fastmcp/ts/client'

/** A server that refuses what was just granted would go on for ever. */
const MOST_SIGN_INS = 2

const ABILITIES = {
  // A person who leaves the form as it is.
  onElicit: (_, form) => (form.mode === 'form' ? form.defaults : { action: 'decline' }),
  onSample: () => 'Paris',
  onRoots: () => [{ uri: 'file:///workspace', name: 'Workspace' }],
}

/** Connects and acts; whenever the server wants the person to sign in first, they do, and it is tried again. */
export async function signedIn(url, { authProvider, era, actions }) {
  const client = await withSignIn(() => connect(url, { ...ABILITIES, era, authProvider }), { url, authProvider })
  try {
    for (const action of actions) await withSignIn(() => action(client), { url, authProvider })
  } finally {
    await client.close()
  }
}

async function withSignIn(work, { url, authProvider }) {
  for (let signIns = 0; ; signIns++) {
    try {
      return await work()
    } catch (problem) {
      if (signIns === MOST_SIGN_INS || !(await authProvider?.finish?.(url))) throw problem
    }
  }
}

import type { Json, JsonObject } from '../../../../core/json.ts';
import { copyOf, failed, isJsonObject, textOf, type Backend, type CallArguments } from './backend.ts';

/** Users of a workspace that the sample does not describe. */
const defaultUsers: Readonly<Record<string, string>> = {
  Alice: 'USR001',
  Bob: 'USR002',
  Catherine: 'USR003',
  Daniel: 'USR004',
};

/** Messages of a workspace that the sample does not describe. */
const defaultMessages: readonly JsonObject[] = [
  { USR002: 'My name is Alice. I want to connect.' },
  { USR003: 'Could you upload the file?' },
  { USR004: 'Could you upload the file?' },
];

interface Message {
  /** The record as the sample gives it; of several receivers in one record only the first is ever looked at. */
  readonly record: JsonObject;
  readonly receiver: string;
  readonly text: Json;
}

function messageOf(record: JsonObject): Message {
  const [receiver, text] = Object.entries(record)[0] ?? ['', ''];
  return { record, receiver, text };
}

class Workspace {
  users: Map<string, string>;
  readonly messages: Message[];
  currentUser: string | null;
  userCount: number;
  messageCount: number;

  constructor(config: JsonObject) {
    const users = isJsonObject(config.user_map) ? config.user_map : defaultUsers;
    this.users = new Map(Object.entries(users).map(([name, id]) => [name, String(id)]));
    const inbox = Array.isArray(config.inbox)
      ? (config.inbox as readonly Json[]).filter(isJsonObject)
      : defaultMessages;
    this.messages = inbox.map(messageOf);
    this.currentUser = typeof config.current_user === 'string' ? config.current_user : null;
    this.userCount = typeof config.user_count === 'number' ? config.user_count : 4;
    this.messageCount = typeof config.message_count === 'number' ? config.message_count : 3;
  }

  /** Does something for a logged-in user. */
  signedIn(act: () => JsonObject): JsonObject {
    return this.currentUser === null ? failed('no user is logged in') : act();
  }

  knows(id: string): boolean {
    return [...this.users.values()].includes(id);
  }
}

function send(workspace: Workspace, values: CallArguments): JsonObject {
  const receiver = textOf(values, 'receiver_id');
  if (!workspace.knows(receiver)) return failed(`there is no user ${receiver}`);
  workspace.messages.push(messageOf({ [receiver]: textOf(values, 'message') }));
  workspace.messageCount++;
  return { sent_status: true, message_id: workspace.messageCount, message: `sent to ${receiver}` };
}

function addContact(workspace: Workspace, values: CallArguments): JsonObject {
  const name = textOf(values, 'user_name');
  if (workspace.users.has(name)) return failed(`${name} is a contact already`);
  workspace.userCount++;
  const id = `USR${String(workspace.userCount).padStart(3, '0')}`;
  // The number is used up all the same.
  if (workspace.knows(id)) return failed(`${id} is a user already`);
  workspace.users.set(name, id);
  return { added_status: true, user_id: id, message: `${name} added` };
}

function deleteLast(workspace: Workspace, values: CallArguments): JsonObject {
  const receiver = textOf(values, 'receiver_id');
  const index = workspace.messages.findLastIndex((message) => message.receiver === receiver);
  if (index < 0) return failed(`no message was sent to ${receiver}`);
  workspace.messages.splice(index, 1);
  return { deleted_status: true, receiver_id: receiver, message: 'deleted' };
}

function sent(workspace: Workspace): JsonObject {
  const grouped = new Map<string, Json[]>();
  for (const { receiver, text } of workspace.messages) {
    grouped.set(receiver, [...(grouped.get(receiver) ?? []), text]);
  }
  return { messages: Object.fromEntries(grouped) };
}

function search(workspace: Workspace, values: CallArguments): JsonObject {
  const keyword = textOf(values, 'keyword').toLowerCase();
  const found = workspace.messages.filter(({ text }) => JSON.stringify(text).toLowerCase().includes(keyword));
  return { results: found.map(({ receiver, text }) => ({ receiver_id: receiver, message: copyOf(text) })) };
}

/** A workspace in which users write to one another. */
export function openMessageApi(config: JsonObject): Backend {
  const workspace = new Workspace(config);
  return {
    functions: {
      list_users: () => ({ user_list: [...workspace.users.keys()] }),
      get_user_id: (values) => {
        const id = workspace.users.get(textOf(values, 'user'));
        return id === undefined ? failed(`there is no user ${textOf(values, 'user')}`) : { user_id: id };
      },
      message_login: (values) => {
        const id = textOf(values, 'user_id');
        if (!workspace.knows(id)) return failed(`there is no user ${id}`);
        workspace.currentUser = id;
        return { login_status: true, message: `${id} is logged in` };
      },
      message_get_login_status: () => ({ login_status: workspace.currentUser !== null }),
      send_message: (values) => workspace.signedIn(() => send(workspace, values)),
      delete_message: (values) => workspace.signedIn(() => deleteLast(workspace, values)),
      view_messages_sent: () => workspace.signedIn(() => sent(workspace)),
      add_contact: (values) => addContact(workspace, values),
      search_messages: (values) => workspace.signedIn(() => search(workspace, values)),
      get_message_stats: () =>
        workspace.signedIn(() => ({
          stats: {
            received_count: workspace.messages.length,
            total_contacts: new Set(workspace.messages.map(({ receiver }) => receiver)).size,
          },
        })),
    },
    state: () => ({
      user_map: Object.fromEntries(workspace.users),
      inbox: workspace.messages.map(({ record }) => copyOf(record)),
      current_user: workspace.currentUser,
      user_count: workspace.userCount,
      message_count: workspace.messageCount,
    }),
  };
}

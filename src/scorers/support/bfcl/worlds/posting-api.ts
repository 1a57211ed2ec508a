import type { Json, JsonObject } from '../../../../core/json.ts';
import { copyOf, failed, isJsonObject, listOf, numberOf, textOf, type Backend, type CallArguments } from './backend.ts';

interface Tweet {
  readonly id: number;
  readonly username: string;
  readonly content: string;
  readonly tags: readonly Json[];
  mentions: readonly Json[];
}

const tweetOf = (value: Json): Tweet => {
  const entry = isJsonObject(value) ? value : {};
  return {
    id: Number(entry.id ?? 0),
    username: String(entry.username ?? ''),
    content: String(entry.content ?? ''),
    tags: listOf(entry, 'tags'),
    mentions: listOf(entry, 'mentions'),
  };
};

const jsonOf = ({ id, username, content, tags, mentions }: Tweet): JsonObject => ({
  id,
  username,
  content,
  tags: [...tags],
  mentions: [...mentions],
});

class Account {
  readonly username: string;
  readonly password: string;
  isAuthenticated: boolean;
  readonly tweets: Map<number, Tweet>;
  readonly comments: Map<string, Json[]>;
  readonly retweets: Map<string, Json[]>;
  following: Json[];
  counter: number;

  constructor(config: JsonObject) {
    const members = (key: string): [string, Json][] => Object.entries(isJsonObject(config[key]) ? config[key] : {});
    const listed = (key: string): Map<string, Json[]> =>
      new Map(members(key).map(([id, list]) => [id, [...listOf({ list }, 'list')]]));
    this.username = typeof config.username === 'string' ? config.username : 'john';
    this.password = typeof config.password === 'string' ? config.password : 'john123';
    this.isAuthenticated = config.authenticated === true;
    this.tweets = new Map(members('tweets').map(([id, tweet]) => [Number(id), tweetOf(tweet)]));
    this.comments = listed('comments');
    this.retweets = listed('retweets');
    this.following = config.following_list === undefined ? ['alice', 'bob'] : [...listOf(config, 'following_list')];
    this.counter = typeof config.tweet_counter === 'number' ? config.tweet_counter : 0;
  }

  signedIn(act: () => JsonObject): JsonObject {
    return this.isAuthenticated ? act() : failed('the user is not authenticated');
  }

  withTweet(values: CallArguments, act: (tweet: Tweet) => JsonObject): JsonObject {
    const id = numberOf(values, 'tweet_id');
    const tweet = this.tweets.get(id);
    return tweet === undefined ? failed(`there is no tweet ${id}`) : act(tweet);
  }

  matching(keep: (tweet: Tweet) => boolean): JsonObject[] {
    return [...this.tweets.values()].filter(keep).map(jsonOf);
  }
}

function post(account: Account, values: CallArguments): JsonObject {
  const tweet: Tweet = {
    id: account.counter,
    username: account.username,
    content: textOf(values, 'content'),
    tags: listOf(values, 'tags'),
    mentions: listOf(values, 'mentions'),
  };
  account.tweets.set(tweet.id, tweet);
  account.counter++;
  return jsonOf(tweet);
}

function retweet(account: Account, tweet: Tweet): JsonObject {
  const own = account.retweets.get(account.username) ?? [];
  if (own.includes(tweet.id)) return { retweet_status: 'retweeted already' };
  account.retweets.set(account.username, [...own, tweet.id]);
  return { retweet_status: 'retweeted' };
}

function comment(account: Account, tweet: Tweet, values: CallArguments): JsonObject {
  const key = String(tweet.id);
  const entry = { username: account.username, content: textOf(values, 'comment_content') };
  account.comments.set(key, [...(account.comments.get(key) ?? []), entry]);
  return { comment_status: 'commented' };
}

function follow(account: Account, name: string, isFollowing: boolean): boolean {
  if (account.following.includes(name) === isFollowing) return false;
  account.following = isFollowing ? [...account.following, name] : account.following.filter((item) => item !== name);
  return true;
}

const statsOf = (account: Account, username: string): JsonObject => ({
  tweet_count: account.matching((tweet) => tweet.username === username).length,
  following_count: username === account.username ? account.following.length : 0,
  retweet_count: (account.retweets.get(username) ?? []).length,
});

/** Short public messages with comments and reposts. */
export function openPostingApi(config: JsonObject): Backend {
  const account = new Account(config);
  return {
    functions: {
      authenticate_twitter: (values) => {
        const isRight =
          textOf(values, 'username') === account.username && textOf(values, 'password') === account.password;
        account.isAuthenticated ||= isRight;
        return { authentication_status: isRight };
      },
      posting_get_login_status: () => ({ login_status: account.isAuthenticated }),
      post_tweet: (values) => account.signedIn(() => post(account, values)),
      retweet: (values) => account.signedIn(() => account.withTweet(values, (tweet) => retweet(account, tweet))),
      comment: (values) =>
        account.signedIn(() => account.withTweet(values, (tweet) => comment(account, tweet, values))),
      mention: (values) =>
        account.withTweet(values, (tweet) => {
          tweet.mentions = [...tweet.mentions, ...listOf(values, 'mentioned_usernames')];
          return { mention_status: 'mentioned' };
        }),
      follow_user: (values) =>
        account.signedIn(() => ({ follow_status: follow(account, textOf(values, 'username_to_follow'), true) })),
      unfollow_user: (values) =>
        account.signedIn(() => ({ unfollow_status: follow(account, textOf(values, 'username_to_unfollow'), false) })),
      list_all_following: () => account.signedIn(() => ({ following_list: [...account.following] })),
      get_tweet: (values) => account.withTweet(values, jsonOf),
      get_user_tweets: (values) => ({
        user_tweets: account.matching((tweet) => tweet.username === textOf(values, 'username')),
      }),
      search_tweets: (values) => {
        const keyword = textOf(values, 'keyword').toLowerCase();
        const found = (tweet: Tweet): boolean =>
          JSON.stringify([tweet.content, tweet.tags]).toLowerCase().includes(keyword);
        return { matching_tweets: account.matching(found) };
      },
      get_tweet_comments: (values) =>
        account.withTweet(values, ({ id }) => ({ comments: copyOf(account.comments.get(String(id)) ?? []) })),
      get_user_stats: (values) => statsOf(account, textOf(values, 'username')),
    },
    state: () => ({
      username: account.username,
      password: account.password,
      authenticated: account.isAuthenticated,
      tweets: Object.fromEntries([...account.tweets].map(([id, tweet]) => [String(id), jsonOf(tweet)])),
      comments: copyOf(Object.fromEntries(account.comments)),
      retweets: copyOf(Object.fromEntries(account.retweets)),
      following_list: [...account.following],
      tweet_counter: account.counter,
    }),
  };
}

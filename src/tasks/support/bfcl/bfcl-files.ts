import type { Artefact } from '../../../core/ports/dataset.ts';

/** Hashes of the files of BFCL v4 (gorilla commit 6ea5797), by category: questions and, where there are any, possible answers. */
const hashes = {
  simple_python: [
    '82dd63ba502eb2520c6b5d1d9a5c4b590e03ff261565175561f6228a367d1991',
    '90cd5bc653690ee8e459b5b3f3fc9458606f7f3fcbf795bb51b7dc581f8c86dc',
  ],
  multiple: [
    'aef168155ebd74b7ac2401198b201343bc7d16d7a3d7e0d4e6d8ee82c6969b2a',
    '244e00ce9395df948bcafc7bee64e8f9c87ef70887587d83cae45b13699f3047',
  ],
  parallel: [
    '19f51a82eff42e5d62541aa500115a056eb78f437c2ba1f10415fd7c8e5dda84',
    '8a6aa19c1adddc6a5a2f7e40f9dbf30cc7e95815e7b830c90589ab318229e0f0',
  ],
  parallel_multiple: [
    '8863ea8433239f55c5f016154cf0830853c89f693c6ea270396a2fa121960579',
    '5ebf24f458c1f16300c05505d83d6f0a1b68b79be273a033febd0d4f840507e3',
  ],
  irrelevance: ['2b6ed4c2e992cdcf5f1678a701851f944bef7550ee026ed1ddb89efed5be01a6'],
  simple_java: [
    '13d2303a125b08754f0e41995b9273b5005fa8ed8ebfaa24ef53b4d83c4b5c6e',
    '78f25616084044fa05bbfcee68e03f6ececb222bdd5cb3b7783a675fb3366e35',
  ],
  simple_javascript: [
    '329e67fedf79a6243d93dbda4b388d12bd2d31f1f2163d92cb6ef676d1764f44',
    'e2f9f2e51d88e0c8056ffbf1a3dd3d02eb032532d2b5d98c9cc9003385bdd56b',
  ],
  live_simple: [
    '1af2ac87dca47556db7b7e37e51e28b459a38b594e3c7b3c792b4903598ca0c4',
    'fec9cfa9744a936f9126981e85a2023da1e63e273eafebc81923a1162fad70ce',
  ],
  live_multiple: [
    'fd8ccfad4d911420d0e3341dbe2fff77d1d341da934248b9bb2bda24ab3a10c8',
    '97e90d59c5bd76c55a2920ce93e5566e9046307d3f558578f085f9d3a56c3084',
  ],
  live_parallel: [
    '6c26e9fdc3350cf596e6d1ea9c179cbff834761bccf562f4141ed29a839ca421',
    '8a9f189ff0e832ebbbbdade1fd95a7dbcc67406e9177df3f0aad76f59ab00350',
  ],
  live_parallel_multiple: [
    '21d4b9319c1faac431e22757b367ea28917fe467364c3a4b17f16ec06d4f6e79',
    'f5b5f360556c5feb51db46fb9f56ee4b304f4b45b161599bbb14161c98a2873f',
  ],
  live_irrelevance: ['6559fda2beaceb609a2cd2e504c65b4a56cb448e1ef88fddfd199e163d163349'],
  live_relevance: ['e03f9e241657a137cba48a89ee12f47bf3fcb7e4f6274263e9c699a0c974203a'],
  multi_turn_base: [
    '1a21a995d06fd6f20ba55de7bced30ef953ec35e998f502ec2ecf4d66ef1c43a',
    '1fee67823b317571649177dd89d63969feaae4e810cc7448ee55ba797fb7c8fc',
  ],
  multi_turn_miss_func: [
    '87d28ce10e37d864b72de85d5732eef2a867b241d6c1c99b4ae682c9e3ea921c',
    '69e679b806d1c871b05393a4b95583bb973248e5b8d96c2d7f4ca05e29fc32e6',
  ],
  multi_turn_miss_param: [
    'f0c66dda3795f5f53e3e1c0cc8ba0246b6761c8f58bdba8317203bf451ab8838',
    '59c442901779e2c31c33abcd566d032e03736e5ad8069de2fe05489873046ecf',
  ],
} as const;

/** A category as the BFCL files are named. */
export type BfclCategory = keyof typeof hashes;

const artefact = (name: string, fileName: string, sha256: string): Artefact => ({
  name,
  fileName,
  sha256: [sha256],
  licence: 'Apache-2.0',
  hub: null,
});

/** The files of a category: `questions` and, where it has a ground truth, `answers`. */
export function bfclArtefacts(category: BfclCategory): readonly Artefact[] {
  const [questions, answers] = hashes[category] as readonly [string, string?];
  const fileName = `BFCL_v4_${category}.json`;
  return [
    artefact('questions', fileName, questions),
    ...(answers === undefined ? [] : [artefact('answers', `possible_answer/${fileName}`, answers)]),
  ];
}

/** Descriptions of the functions of each simulated service. */
const docs = {
  GorillaFileSystem: ['gorilla_file_system', 'c4c1b741c71e2a17c97a5dc9c4a91d89978c4eaece56494d14272d5df6c650e9'],
  MathAPI: ['math_api', '83fa31708c89442bdcf12ac4dfbe3be8663ec9183a1b1524a9fda98164bc7e0b'],
  MessageAPI: ['message_api', '4d58ea933a5d2b280d7a52366617fb47fecd333d7b0e08e724db6fa12fb5f847'],
  TwitterAPI: ['posting_api', '87f9fc404a06e4107d7c366f1399c596440e84c16cb119faf374b2f532d86e8b'],
  TicketAPI: ['ticket_api', '31324e0380782664fe82ba05bd23517808ad55692b45a5fe7c3d4d395fe4f0f8'],
  TradingBot: ['trading_bot', '1a7933fd8f0cb8fbec38aeae05cb8c24132747cad4904fe1c13ac3d01fc22c2d'],
  TravelAPI: ['travel_booking', 'f17b950c13adddf41d0848077df58788252e4c2e7cad5cfa71c8c4bf04f57b26'],
  VehicleControlAPI: ['vehicle_control', '0c8a66292844874ef7b168f343bc394d8615d2d9e1f4387999a9ee23011eac78'],
} as const;

/** Names of the simulated services. */
export const bfclServices = Object.keys(docs);

/** Files that describe the functions of the services, each under the name of its service. */
export const bfclDocArtefacts: readonly Artefact[] = Object.entries(docs).map(([service, [file, sha256]]) =>
  artefact(service, `multi_turn_func_doc/${file}.json`, sha256),
);

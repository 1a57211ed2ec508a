/** Fares in US dollars, economy class, single date factor, as the leaderboard's service has them: they differ by direction. */
const fares: Readonly<Record<string, string>> = {
  SFO: 'LAX200 JFK500 ORD400 BOS450 RMS300 SBK350 MPC370 SVP320 SHD330 SSV340 OKD360 WLB310 CRH380 ATV390 PHV420 GFD430 CIA700',
  LAX: 'SFO100 JFK600 ORD500 BOS550 RMS310 SBK320 MPC330 SVP340 SHD350 SSV360 OKD370 WLB380 CRH390 ATV400 PHV410 GFD420 HND430',
  JFK: 'ORD300 BOS250 RMS450 SBK460 MPC470 SVP480 SHD490 SSV500 OKD510 WLB520 CRH530 ATV540 PHV550 GFD560 LAX570 HND800 PVG950 PEK1000',
  ORD: 'LAX180 BOS200 RMS350 SBK360 MPC370 SVP380 SHD390 SSV400 OKD410 WLB420 CRH430 ATV440 PHV450 GFD460',
  BOS: 'RMS400 SBK410 MPC420 SVP430 SHD440 SSV450 OKD460 WLB470 CRH480 ATV490 PHV500 GFD510',
  RMS: 'BOS200 JFK210 SBK220 MPC230 SVP240 SHD250 SSV260 OKD270 WLB280 CRH290 ATV300 PHV310 GFD320 LAX330',
  SBK: 'MPC200 SVP210 SHD220 SSV230 OKD240 WLB250 CRH260 ATV270 PHV280 GFD290',
  MPC: 'SVP210 SHD220 SSV230 OKD240 WLB250 CRH260 ATV270 PHV280 GFD290',
  SVP: 'SHD230 SSV240 OKD250 WLB260 CRH270 ATV280 PHV290 GFD300',
  SHD: 'SSV220 OKD230 WLB240 CRH250 ATV260 PHV270 GFD280',
  SSV: 'OKD240 WLB250 CRH260 ATV270 PHV280 GFD290',
  OKD: 'WLB230 CRH240 ATV250 PHV260 GFD270 LAX220',
  WLB: 'CRH250 ATV260 PHV270 GFD280',
  CRH: 'ATV240 PHV250 GFD260 SFO270 RMS280 HKG290 JFK300',
  ATV: 'PHV230 GFD240',
  PHV: 'GFD220',
  LHR: 'CDG100',
};

const classFactors: Readonly<Record<string, number>> = { economy: 1, business: 2, first: 5 };

/** The fare of a flight in US dollars, twice as much where the digits of the date add up to an even number; null where none goes. */
export function flightFare(
  route: readonly [from: string, to: string],
  date: string,
  travelClass: string,
): number | null {
  const [from, to] = route;
  const base = fares[from]?.split(' ').find((entry) => entry.startsWith(to) && to.length === 3);
  const factor = classFactors[travelClass];
  if (base === undefined || factor === undefined) return null;
  const digits = Array.from(date.matchAll(/\d/g), ([digit]) => Number(digit));
  return Number(base.slice(3)) * factor * (digits.reduce((sum, digit) => sum + digit, 0) % 2 === 0 ? 2 : 1);
}

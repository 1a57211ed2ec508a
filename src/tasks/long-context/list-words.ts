/** Common words of one token in most vocabularies, so that lists of them have a length that can be planned. */
export const listWords: readonly string[] = `
time year people way day man thing woman life child world school state family student group country problem
hand part place case week company system program question work government number night point home water room
mother area money story fact month lot right study book eye job word business issue side kind head house
service friend father power hour game line end member law car city community name president team minute idea
kid body information back parent face others level office door health person art history party result change
morning reason research girl guy moment air teacher force education foot boy age policy music market sense
nation plan college interest experience effect use class control field development role effort rate heart
drug show leader light voice wife mind price report decision son view relationship town road arm difference
value building action season society tax director position player record paper space ground form event
official matter center couple site project activity star table need court oil situation cost industry figure
street image phone data picture practice piece land product doctor wall patient worker news test movie north
love support technology step baby computer type attention film tree source organization hair window culture
chance brother energy period course summer plant opportunity term letter condition choice rule south husband
floor campaign material population call economy hospital church risk fire future bank west sport board
subject officer rest behavior performance fight top goal bed order author agency nature color store sound
movement page race concern series language response animal factor decade article east artist scene stock
career treatment approach size dog fund media sign thought list individual quality pressure answer resource
meeting success cup amount ability staff character growth loss degree region television box training trade
deal election feeling standard bill message analysis benefit lawyer section glass skill sister professor
operation stage compare authority design sort act knowledge station strategy clothes bar camp fish sky seed
sand ship shop shoe bird boat bone cake card cat chair coat coffee corn cow cream desk dress dust egg engine
farm finger flower forest fruit garden gift gold grass hat hill horse ice iron island jacket key king kitchen
knife lake leaf leg lemon lion lip lock map meat metal milk mirror moon mouth nail neck needle nest nose
nurse ocean orange oven paint pen pencil pig pilot pipe plate pocket pool queen rabbit rain ring river rock
roof root rope salt scale seat sheep shirt silver skin smoke snake snow soap sock soup spoon spring stamp
steam stick stone storm sugar sun tail tea thread throat thumb ticket tongue tooth tower toy train truck
umbrella valley village wave wheel whip wind wine wing winter wire wood wool yard
`
  .trim()
  .split(/\s+/);

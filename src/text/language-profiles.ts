/** What tells a language from others of its script: function words, and letters that only it has among them. */
export interface LanguageProfile {
  readonly words: ReadonlySet<string>;
  /** Letters or sequences that speak for the language, each as much as a word. */
  readonly marks: RegExp | null;
}

const profile = (words: string, marks: RegExp | null = null): LanguageProfile => ({
  words: new Set(words.split(' ')),
  marks,
});

/** Languages in Latin letters. */
export const latinProfiles: Readonly<Record<string, LanguageProfile>> = {
  en: profile(
    'the of a an and to in is that it for was with as his on be at by i this had not are but from or have an they which one you were all her she there would their we him been has when who will no more if out so said what up its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many off before must well back through years where much your way down should because long each just state those people too little very make world still see men work good how here between both life being under never day same another know while last might us great old year come since against go came right used take three every again while am here going want let please check said',
  ),
  de: profile(
    'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich du wir ihr mein kann wenn weil diese dieser',
    /[ßäöü]/,
  ),
  fr: profile(
    'de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont ont avec être ou son cette comme mais nous vous leur elle tout même aussi je tu mon ses était fait très sans aux qu',
    /[çœ]|à |ê|è/,
  ),
  es: profile(
    'de la que el en y a los del se las por un para con no una su al es lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros fue son está',
    /[ñ¿¡]|ción/,
  ),
  pt: profile(
    'de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse eles você',
    /[ãõ]|ção|ções|lh|nh/,
  ),
  it: profile(
    'di e il la che a in per un del è non una le con si da i sono dei nel come al della lo gli ha alla più anche ma delle mi se ci o questo era quando tutto dalla nella su suo molto essere fatto cosa tra poi perché così loro io tu noi voi',
    /gli |zione|cch|ò|ì/,
  ),
  nl: profile(
    'de van het een en in is dat op te zijn voor met die niet aan er om ook als dan maar bij of uit nog naar heeft hij ze wordt door over ik je wij was kan zo worden hun tot meer geen wel deze',
    /ij|aa|uu/,
  ),
  sv: profile(
    'och i att det som en på är av för med den till inte om ett han men var sig från vi så kan när hade jag du har de eller min vid nu ut efter upp skulle',
    /[åäö]/,
  ),
  da: profile(
    'og i at det er en til på som for med den af de der ikke et var han har fra vi jeg kan men om sig ud så eller hvis når skal blev også',
    /[æøå]/,
  ),
  no: profile(
    'og i det er en til på som for med den av de ikke et var han har fra vi jeg kan men om seg ut så eller hvis når skal ble også fra opp mot etter',
    /[æøå]/,
  ),
  fi: profile(
    'ja on ei tulee pitää että se hän oli mutta kuin niin joka tai ovat myös kun mukaan sen jos jo vain ole sitä ne voi minä sinä me te he tämä nyt hyvin kaikki mitä olen ollut kanssa sekä',
    /[äö]{1}.*(?:ssa|ssä|sta|stä|lla|llä|ista|inen)|kk|yy|ää/,
  ),
  vi: profile(
    'và của là có không cho được trong một các những người này với để đã khi từ về như tôi bạn sẽ ở cũng nhiều rất đến ra vào nhưng làm theo hay hơn thì mà',
    /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/,
  ),
  sw: profile(
    'na ya wa kwa ni katika za la cha hii huo hiyo kama yake lakini au pia hili haya hakuna kwenye hivyo sana kuwa watu mimi wewe sisi yetu yako yangu wao hao huyu wakati kila baada kabla moja ili bila hata tu kwamba siku',
    /\b(?:ku|wa|ana|ina|una|nina|tuna|mwa|kwa)[a-z]{3,}/,
  ),
  pl: profile(
    'i w na nie się z do to że jest o jak ale po co tak za od przez dla są przy być jego był tylko może już czy oraz ten jednak',
    /[łżźśćńęą]/,
  ),
  ro: profile(
    'și de în la a cu nu pe o un este care din că pentru mai să ce se sunt au fost dar sau ca prin după între lui',
    /[țșăâî]/,
  ),
  tr: profile(
    've bir bu da de için çok ile ne gibi daha olarak ama o var en kadar sonra olan ben sen biz siz her değil mi ya',
    /[ğışçö]/,
  ),
  id: profile(
    'yang dan di itu dengan untuk dari tidak ini dalam akan pada juga saya ke karena ada mereka bisa lebih oleh atau sudah kita anda adalah sebagai',
    null,
  ),
  tl: profile('ang ng sa na mga ay at ito para ko siya mo ako hindi ka may nang kung din rin lang kami sila ni', null),
  cs: profile(
    'a se v na je že s z do o to jako k i za pro ale by po který od jsou být jeho při už nebo tak také',
    /[ěščřžýáíéůú]/,
  ),
  hu: profile(
    'a az és hogy nem is egy ez volt meg de csak már mint van aki ha vagy még el azt fel kell',
    /[őűáéíóúöü]/,
  ),
  ca: profile(
    'de la i el que en a les un per els amb una del no és al com més es són pel seva seu també però',
    /ç|l·l|à|ò/,
  ),
};

/** Languages in Cyrillic letters. */
export const cyrillicProfiles: Readonly<Record<string, LanguageProfile>> = {
  ru: profile(
    'и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой как год от так для вы о же все бы если или',
    /[ыэё]/,
  ),
  bg: profile(
    'и на да в се от за е с не са по че това като но до ще или при към си съм беше има може който която което той тя те ние вие аз',
    /ът |ата |ите |ъ/,
  ),
  uk: profile('і в не на що я з та у до це за він вона як але ми ви по для від було бути який', /[іїєґ]/),
  mk: profile('и на во да се од за е со не по тоа како но до ќе или при што беше има може кој која', /[ќѓѕ]/),
  sr: profile('и у је на да се од за са не по то као али до ће или што био има може који која', /[ђћљњџ]/),
};

/** Languages in Devanagari. */
export const devanagariProfiles: Readonly<Record<string, LanguageProfile>> = {
  hi: profile('है और के की में का को से पर हैं यह कि एक नहीं भी ने तो कर लिए वह इस था हो अपने या जो थे थी गया कुछ मैं आप हम'),
  mr: profile(
    'आहे आणि आहेत या ते हे मी तो ती नाही एक होते होता केला केले करा आपण त्या त्यांनी मध्ये साठी पण किंवा जे मला तुम्ही हा ही असे',
    /ळ|च्या/,
  ),
  ne: profile(
    'छ र को मा हो छन् गर्न यो भएको लागि पनि तथा गरेको हुन् थियो नेपाल उनले भने यस एक म तपाईं हामी गर्नुहोस् छैन',
    /छन्|हरू|ुहोस्/,
  ),
};

/** Languages in Arabic letters. */
export const arabicProfiles: Readonly<Record<string, LanguageProfile>> = {
  ar: profile('في من على إلى أن هذا هذه التي الذي عن مع ما لا كان هو هي أو ثم قد كل بعد', /ة|ال\p{L}{2}|[ىي]ّ|أ|إ/u),
  fa: profile('و در به از که این را با است برای آن یک می خود تا بر هم نیز کرد شود شده ها ما من او آنها', /[پچژگ]|می‌/),
  ur: profile('کے میں کی ہے اور سے کا کو پر نے یہ ہیں کہ ایک اس وہ نہیں بھی کر تھا تو ہو گیا جو کیا ہم آپ', /[ٹڈڑےںہ]/),
};

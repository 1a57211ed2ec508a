import { describe, expect, it } from 'vitest';
import { detectLanguage } from './detect-language.ts';

describe('detectLanguage', () => {
  it.each([
    ['en', 'The old man walked slowly along the river and thought about his life.'],
    ['en', 'THIS IS A SHORT ANSWER IN CAPITAL LETTERS ABOUT A DOG AND A CAT.'],
    ['en', 'write a poem on lovely mornings, dear reader, full of birds'],
    ['en', 'a young lady in shorts pushes a puck across a court as a lady in a striped shirt watches her.'],
    ['en', 'WRITE A PYTHON FUNCTION TO CHECK WHETHER EVERY ODD INDEX OF A GIVEN LIST CONTAINS ODD NUMBERS.'],
    ['de', 'Der alte Mann ging langsam am Fluss entlang und dachte über sein Leben nach.'],
    ['fr', 'Le vieil homme marchait lentement le long de la rivière et pensait à sa vie.'],
    ['es', 'El viejo caminaba lentamente por el río y pensaba en su vida.'],
    ['pt', 'O velho caminhava lentamente ao longo do rio e pensava na sua vida.'],
    ['it', 'Il vecchio camminava lentamente lungo il fiume e pensava alla sua vita.'],
    ['nl', 'De oude man liep langzaam langs de rivier en dacht na over zijn leven.'],
    ['sv', 'Den gamle mannen gick långsamt längs floden och tänkte på sitt liv.'],
    ['fi', 'Vanha mies käveli hitaasti jokea pitkin ja ajatteli elämäänsä. Hän oli väsynyt mutta onnellinen.'],
    ['vi', 'Ông lão đi chậm rãi dọc bờ sông và nghĩ về cuộc đời mình.'],
    ['sw', 'Mzee alitembea polepole kando ya mto na kufikiria kuhusu maisha yake.'],
    ['sw', 'Hakuna faili lililokusanywa. Nenosiri hili ni la kawaida mno.'],
    ['ru', 'Старик медленно шёл вдоль реки и думал о своей жизни.'],
    ['bg', 'Старецът вървеше бавно покрай реката и мислеше за живота си.'],
    ['uk', 'Старий повільно йшов уздовж річки і думав про своє життя.'],
    ['hi', 'बूढ़ा आदमी धीरे-धीरे नदी के किनारे चल रहा था और अपने जीवन के बारे में सोच रहा था।'],
    ['mr', 'म्हातारा माणूस नदीच्या काठाने हळूहळू चालत होता आणि आपल्या आयुष्याचा विचार करत होता.'],
    ['ne', 'बुढो मानिस नदीको किनारमा बिस्तारै हिँडिरहेको थियो र आफ्नो जीवनको बारेमा सोचिरहेको थियो।'],
    ['bn', 'বৃদ্ধ লোকটি নদীর তীরে ধীরে ধীরে হাঁটছিল।'],
    ['ar', 'كان الرجل العجوز يمشي ببطء على طول النهر ويفكر في حياته.'],
    ['fa', 'پیرمرد به آرامی در کنار رودخانه راه می‌رفت و به زندگی خود فکر می‌کرد.'],
    ['ur', 'بوڑھا آدمی دریا کے کنارے آہستہ آہستہ چل رہا تھا اور اپنی زندگی کے بارے میں سوچ رہا تھا۔'],
    ['ko', '노인은 강을 따라 천천히 걸으며 자신의 삶을 생각했다.'],
    ['ja', '老人は川に沿ってゆっくり歩き、自分の人生について考えた。'],
    ['zh', '老人沿着河边慢慢地走着，想着自己的一生。'],
    ['th', 'ชายชราเดินช้าๆ ไปตามแม่น้ำและคิดถึงชีวิตของเขา'],
    ['ta', 'முதியவர் ஆற்றங்கரையில் மெதுவாக நடந்தார்.'],
    ['te', 'వృద్ధుడు నది వెంట నెమ్మదిగా నడిచాడు.'],
    ['kn', 'ಮುದುಕ ನದಿಯ ಉದ್ದಕ್ಕೂ ನಿಧಾನವಾಗಿ ನಡೆದನು.'],
    ['gu', 'વૃદ્ધ માણસ નદી કિનારે ધીમે ધીમે ચાલતો હતો.'],
    ['pa', 'ਬੁੱਢਾ ਆਦਮੀ ਨਦੀ ਦੇ ਨਾਲ ਹੌਲੀ ਹੌਲੀ ਤੁਰ ਰਿਹਾ ਸੀ।'],
    ['el', 'Ο γέρος περπατούσε αργά κατά μήκος του ποταμού.'],
    ['he', 'הזקן הלך לאט לאורך הנהר וחשב על חייו.'],
    ['pl', 'Starzec szedł powoli wzdłuż rzeki i myślał o swoim życiu.'],
    ['ro', 'Bătrânul mergea încet de-a lungul râului și se gândea la viața lui.'],
    ['tr', 'Yaşlı adam nehir boyunca yavaş yavaş yürüdü ve hayatını düşündü.'],
    ['id', 'Orang tua itu berjalan perlahan di sepanjang sungai dan memikirkan hidupnya.'],
    ['cs', 'Stařec šel pomalu podél řeky a přemýšlel o svém životě.'],
    ['hu', 'Az öregember lassan sétált a folyó mentén, és az életére gondolt.'],
    ['da', 'Den gamle mand gik langsomt langs floden og tænkte på sit liv.'],
    ['en', 'xyz'],
  ])('%s: %s', (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });

  it('knows nothing of a text without letters', () => {
    expect(detectLanguage('12 + 3 = 15!')).toBeNull();
    expect(detectLanguage('')).toBeNull();
  });

  it('takes the commonest language of a script that has letters but no words', () => {
    expect(detectLanguage('Ⅷ + Ⅸ')).toBe('en');
  });

  it('goes by the script that has most letters', () => {
    expect(detectLanguage('今日は OK です')).toBe('ja');
    expect(detectLanguage('The word небо means sky in Russian and that is all.')).toBe('en');
  });
});

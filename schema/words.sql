-- words.sql - reference data: how people call specialties; words that are no names.
--
-- Plain text (lower case, no accents), loaded anew at every migration. A phrase
-- has up to four words. The first phrase of a line is the specialty's name.

DELETE FROM clinic.synonym;
INSERT INTO clinic.synonym (specialty, phrase)
SELECT DISTINCT split_part(line, ', ', 1), phrase
FROM (VALUES
	('cardiology, cardiologist, cardiologists, cardiologia, cardio, heart, hearts, heart doctor, heart specialist'),
	('dermatology, dermatologist, dermatologists, dermatologia, derma, derm, skin, skin doctor, skin specialist, rash, acne, mole'),
	('pediatrics, paediatrics, pediatric, paediatric, pediatrician, pediatricians, paediatrician, paediatricians, pediatria, pediatra, child doctor, childs doctor, childrens doctor, children s doctor, kids doctor, kid doctor, children, kids, baby doctor'),
	('neurology, neurologist, neurologists, neurologia, neuro, nerve doctor, brain, brain doctor, migraine'),
	('general practice, general practitioner, general practitioners, general medicine, general doctor, family medicine, family doctor, family practice, family physician, primary care, gp, gps, medicina general, medico de cabecera'),
	('internal medicine, internist, internists, medicina interna'),
	('gynecology, gynaecology, gynecologist, gynecologists, gynaecologist, gynaecologists, ginecologia, gyno, gynae, womens health, obgyn, women s doctor, womens doctor'),
	('obstetrics, obstetrician, obstetricians, obstetricia, pregnancy'),
	('orthopedics, orthopaedics, orthopedic, orthopaedic, orthopedist, orthopaedist, orthopedic surgery, orthopaedic surgery, traumatology, traumatologist, traumatologia, ortho, bones, bone doctor, joints, knee'),
	('ophthalmology, ophthalmologist, ophthalmologists, oftalmologia, eye, eyes, eye doctor, eye specialist'),
	('optometry, optometrist, optometrists, optician, glasses'),
	('otolaryngology, otolaryngologist, otorhinolaryngology, otorhinolaryngologist, otorrinolaringologia, ent, ear nose and throat, ear nose throat, ear doctor, ears'),
	('dentistry, dentist, dentists, dental, dental care, tooth, teeth, toothache, odontology, odontologia, odontologist'),
	('orthodontics, orthodontist, orthodontists, ortodoncia, braces'),
	('psychiatry, psychiatrist, psychiatrists, psiquiatria, shrink'),
	('psychology, psychologist, psychologists, psicologia, therapist, therapy, counselling, counseling, counsellor, counselor'),
	('gastroenterology, gastroenterologist, gastroenterologists, gastroenterologia, gastro, stomach, stomach doctor, digestive, gut'),
	('endocrinology, endocrinologist, endocrinologists, endocrinologia, endocrine, endo, diabetes, thyroid, hormones'),
	('urology, urologist, urologists, urologia, bladder, prostate'),
	('nephrology, nephrologist, nephrologists, nefrologia, kidney, kidneys, kidney doctor'),
	('pulmonology, pulmonologist, pulmonologists, neumologia, pneumology, pneumologist, respiratory medicine, lung, lungs, lung doctor, asthma'),
	('rheumatology, rheumatologist, rheumatologists, reumatologia, rheuma, arthritis'),
	('oncology, oncologist, oncologists, oncologia, cancer, cancer doctor, tumour, tumor'),
	('hematology, haematology, hematologist, haematologist, hematologia, blood doctor'),
	('allergology, allergologist, allergist, allergists, alergologia, allergy, allergies, allergy doctor'),
	('immunology, immunologist, immunologists, inmunologia'),
	('infectious diseases, infectious disease, infectiology, infectiologist'),
	('radiology, radiologist, radiologists, radiologia, xray, x ray, x rays, imaging, ultrasound'),
	('anesthesiology, anaesthesiology, anesthesiologist, anaesthesiologist, anaesthetist, anestesiologia'),
	('surgery, surgeon, surgeons, general surgery, general surgeon, cirugia'),
	('plastic surgery, plastic surgeon, cosmetic surgery, cirugia plastica'),
	('neurosurgery, neurosurgeon, neurosurgeons, neurocirugia, brain surgeon'),
	('cardiac surgery, cardiac surgeon, heart surgeon, heart surgery'),
	('vascular surgery, vascular surgeon, angiology, angiologist, veins'),
	('physiotherapy, physiotherapist, physiotherapists, physical therapy, physical therapist, fisioterapia, physio'),
	('rehabilitation, rehabilitacion, rehab, physiatry, physiatrist'),
	('nutrition, nutritionist, nutritionists, dietetics, dietitian, dietician, nutricion, diet'),
	('podiatry, podiatrist, podiatrists, podologia, podologist, chiropody, chiropodist, foot, feet, foot doctor'),
	('chiropractic, chiropractor, chiropractors'),
	('osteopathy, osteopath, osteopaths'),
	('geriatrics, geriatric, geriatrician, geriatricians, geriatria, elderly care'),
	('sports medicine, sport medicine, sports doctor, medicina deportiva'),
	('emergency medicine, emergency doctor, urgent care'),
	('occupational medicine, occupational health'),
	('speech therapy, speech therapist, logopedics, logopedia'),
	('audiology, audiologist, audiologists, hearing, hearing aid'),
	('nursing, nurse, nurses'),
	('midwifery, midwife, midwives'),
	('fertility, fertility medicine, reproductive medicine, fertility doctor'),
	('genetics, geneticist, geneticists, genetica'),
	('pathology, pathologist, pathologists'),
	('palliative care, palliative medicine'),
	('pain medicine, pain management, pain doctor'),
	('sleep medicine, sleep doctor, somnology'),
	('travel medicine, vaccination, vaccinations, vaccine, vaccines'),
	('hepatology, hepatologist, hepatologists, hepatologia, liver, liver doctor'),
	('proctology, proctologist, proctologists, proctologia'),
	('phlebology, phlebologist'),
	('homeopathy, homeopath'),
	('acupuncture, acupuncturist')
) lines (line) CROSS JOIN LATERAL regexp_split_to_table(line, ', ') phrase;

DELETE FROM clinic.common_word;
INSERT INTO clinic.common_word
SELECT DISTINCT word FROM regexp_split_to_table($words$
a able about above accept access account across active actual actually add address
admin after afternoon afternoons again against age agenda ago agree ahead ailing
all allow almost alone along already also although always am among an and annual
another answer any anybody anyone anything anytime anyway apologies apologize
appointment appointments appoint apr april are area aren around arrange arrive as
ask asked asking asap at aug august autumn available availability away awful
baby back bad bank be because bed been before begin behind being believe below
best better between big bill bit blood board body bones book booked booking
bookings both bought boy break breakfast bring broke broken brother brought burn
business busy but buy by
call called calling came can cancel canceled cancelled cancelling cannot cant
card care carry case cash cause certain chance change changed changes changing chat
cheap check checked checking checkup chest child children chin choice choose city
class clean clear clinic clock close closed closer closest cold come comes coming
command company confirm confirmed consult consultation contact cost could couldn
couple course cough country covid cut
dad daily dark data date dates daughter day daytime days dead dear dec december
decide delay delete dentist did didn diet different difficult dinner directly do
does doesn doctor doctors doing don done door double doubt down dr dra drink drive
due during
each ear earlier earliest early earn ease easier easily east easy eat edit eight
eighteen eighth eighteen eighty either eleven eleventh else email emergency empty
end ends enough ensure enter entire error especially eve even evening evenings
event ever every everybody everyone everything exact exactly exam example except
excuse expect expensive explain extra eye eyes
face fact fall family far fast father feb february fee feel feeling fees feet fell
felt fever few field fifteen fifth fifty figure file fill final find fine finger
finish first fit five fix flu follow following food foot for force forget forgot
form forth fortnight forty forward found four fourteen fourth free frequent fresh
fri friday fridays friend friends from front full fun funny further future
gave general get gets getting girl give given glad go goes going gone good got
grand great green group grow guess guy
had half hand hands happen happened happy hard has hasn have haven having he head
headache health hear heard hearing heart heavy hello help helping her here hers hey
hi high him himself his history hold holiday holidays home hope hopefully hospital
hot hour hours house how however hundred hurry hurt hurting hurts husband
i id idea if ill illness important in info inform information injured injury
inside instead insurance interest into invite is isn issue it its itself
jan january job join jul july jun june just
keep kept key kid kids kind knee knew know known
lab language large last late later latest laugh lead learn least leave left leg
legs length less let lets letter level life light like likely line lines list listen
little live living long longer look looking looks lose lost lot lots love low lower
luck lunch lunchtime
made mail main make making man manage many mar march mark matter max may maybe me
mean means medical medication medicine meet meeting member men mention message
messages middle midday midnight might mind mine minute minutes miss missed missing
mistake moment mon monday mondays money month monthly months mood more morning
mornings most mother mouth move moved moving mr mrs ms much mum must my myself
name named names near nearest nearly neck need needed needs neither never new
news next nice niece night nights nine nineteen ninety ninth no nobody none noon nor
normal normally north nose not note nothing notice nov november now nowhere number
numbers nurse
oct october of off offer office often oh ok okay old on once one ones online only
open opening operation opinion option options or order other others our ours out
outside over own
page paid pain pains painful paper pardon parent parents part partner party pass
past patient patients pay payment people per perfect perhaps period person phone
photo pick picture pill pills place plan plane play please pleased plenty plus
point police poor possible possibly post postpone practice prefer preferably
prepare prescription present press pretty price prices private probably problem
problems procedure proper public pull push put
quarter question questions quick quickly quiet quite
rain raise ran rash rate rather reach read ready real really reason receive recent
recently record red refer referral regarding register registered registration
regular remain remember remind reminder reminders remove repeat reply report
request require reschedule rescheduled respond rest result results return review
right ring road room rooms round ruin rule run running
sad said same sat saturday saturdays save saw say saying says scan schedule
scheduled school sea search second see seeing seem seen select self send sense sent
sep sept september serious set seven seventeen seventh seventy several severe shall
she shift short shot should shoulder show sick side sign similar simple simply since
sir sister sit six sixteen sixth sixty size skin sleep slot slots slow small so
some somebody someone something sometime sometimes son soon sooner soonest sore
sorry sort sound south speak special specialist specialists specialty speciality
spoke spot spring staff stand start started starting starts stay step still
stomach stop stopped street strong stuff such sudden suddenly suit suitable suits
summer sun sunday sundays support suppose sure surgery swap sweet switch swollen
symptom symptoms system
table take taken takes taking talk tall taste tell ten tenth terrible test tests
text than thank thanks that thats the their them then there therefore these they
thing things think thinking third thirteen thirteenth thirtieth thirty this those
though thought thousand thread three throat through thu thurs thursday thursdays
thus till time times timezone tired to today todays toe together told tomorrow
tomorrows tonight too took tooth top total touch toward towards town train travel
treat treatment tried trip trouble true try trying tue tues tuesday tuesdays turn
twelfth twelve twenty twentieth twice two type
under understand unfortunately unless unlike until unwell up upon upper urgent
urgently us use used useful using usual usually
vacation value various very via video view visit visiting visits voice
wait waiting walk wall want wanted wanting wants war warm was wasn watch water way
we weak weather wed wednesday wednesdays week weekday weekdays weekend weekends
weekly weeks weird welcome well went were west what whatever whats when whenever
where whether which while white who whole whom whose why wife will win wind window
winter wise wish with within without woke woman women won wonder wonderful word
words work worked working works world worried worry worse worst would wouldn wrist
write writing written wrong wrote
yeah year years yep yes yesterday yet you young your yours yourself
zero zone
$words$, '\s+') word WHERE word <> '';

-- Names that were stored under other reference data.
SELECT clinic.specialty_mentions(id) FROM clinic.specialty \g /dev/null

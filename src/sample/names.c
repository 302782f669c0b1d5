/* Invented people: given and family names are drawn from our own lists, so a real person's full
 * name can only appear by chance. */
#include "sample/town.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static const char *const women[] = {
    "Ada",      "Aisha",   "Alice",    "Amelia",  "Amina",    "Angharad",  "Anna",    "Asha",
    "Beatrice", "Bethan",  "Bronwen",  "Carys",   "Catrin",   "Charlotte", "Chloe",   "Clare",
    "Daisy",    "Deborah", "Delyth",   "Dorothy", "Edith",    "Eira",      "Eleri",   "Elizabeth",
    "Ellie",    "Emily",   "Emma",     "Esther",  "Eva",      "Fatima",    "Ffion",   "Florence",
    "Freya",    "Gillian", "Grace",    "Gwen",    "Hannah",   "Harriet",   "Helen",   "Ines",
    "Isabel",   "Isla",    "Ivy",      "Jade",    "Janet",    "Jean",      "Joan",    "Joanna",
    "Julie",    "Karen",   "Kasia",    "Kate",    "Laura",    "Leah",      "Leila",   "Lily",
    "Linda",    "Lucy",    "Mabel",    "Maria",   "Margaret", "Mared",     "Martha",  "Mary",
    "Megan",    "Mei",     "Mina",     "Nadia",   "Nia",      "Nicola",    "Noor",    "Olena",
    "Olivia",   "Pamela",  "Patricia", "Phoebe",  "Priya",    "Rachel",    "Rebecca", "Rhiannon",
    "Rose",     "Ruby",    "Ruth",     "Samira",  "Sarah",    "Sian",      "Sophie",  "Susan",
    "Tanya",    "Valerie", "Violet",   "Wanjiru", "Yasmin",   "Zara",      "Zofia"};
static const char *const men[] = {
    "Adam",    "Ahmed",    "Alan",    "Albert",  "Aled",        "Alfie",   "Andrew",  "Aneurin",
    "Anthony", "Arjun",    "Arthur",  "Barry",   "Ben",         "Bilal",   "Brian",   "Bryn",
    "Callum",  "Carwyn",   "Charles", "Chidi",   "Christopher", "Colin",   "Daniel",  "Dafydd",
    "David",   "Dennis",   "Derek",   "Dylan",   "Edward",      "Elis",    "Emrys",   "Eric",
    "Ethan",   "Femi",     "Frank",   "Freddie", "Gareth",      "George",  "Geraint", "Gethin",
    "Gordon",  "Graham",   "Hamza",   "Harry",   "Henry",       "Huw",     "Ian",     "Idris",
    "Ifan",    "Imran",    "Ivor",    "Jack",    "Jacob",       "Jakub",   "James",   "Joe",
    "John",    "Joseph",   "Kai",     "Keith",   "Kenneth",     "Kofi",    "Leo",     "Lewis",
    "Liam",    "Llyr",     "Luca",    "Luke",    "Malcolm",     "Marek",   "Mark",    "Martin",
    "Michael", "Mohammed", "Nathan",  "Neil",    "Noah",        "Oliver",  "Oscar",   "Owain",
    "Patrick", "Paul",     "Peter",   "Philip",  "Rhodri",      "Rhys",    "Richard", "Robert",
    "Roger",   "Ronald",   "Samuel",  "Sanjay",  "Simon",       "Stephen", "Tariq",   "Theo",
    "Thomas",  "Tomos",    "Victor",  "Wei",     "William",     "Yusuf"};
static const char *const families[] = {
    "Abbott",    "Adeyemi",    "Ahmed",    "Allen",     "Ansell",   "Archer",    "Ashworth",
    "Atkins",    "Bailey",     "Banerjee", "Barker",    "Barlow",   "Baxter",    "Begum",
    "Bell",      "Bevan",      "Bowen",    "Bradley",   "Brooks",   "Bryant",    "Burgess",
    "Burton",    "Butler",     "Carr",     "Chapman",   "Chaudhry", "Chen",      "Clarke",
    "Clough",    "Cole",       "Collins",  "Cooper",    "Cox",      "Craddock",  "Crossley",
    "Dalton",    "Davies",     "Dawson",   "Dean",      "Dixon",    "Drake",     "Ellis",
    "Evans",     "Farrow",     "Fielding", "Fisher",    "Fletcher", "Foster",    "Fowler",
    "Gallagher", "Garner",     "Gibson",   "Gill",      "Green",    "Griffiths", "Hale",
    "Harding",   "Hargreaves", "Harper",   "Harris",    "Hassan",   "Haworth",   "Hayes",
    "Heath",     "Hill",       "Holloway", "Holt",      "Howell",   "Hughes",    "Hussain",
    "Ingram",    "Islam",      "James",    "Jenkins",   "Jones",    "Joshi",     "Kaur",
    "Kemp",      "Kendall",    "Khan",     "King",      "Knight",   "Kowalski",  "Lamb",
    "Lane",      "Lawson",     "Lewis",    "Llewellyn", "Lloyd",    "Lowe",      "Marsh",
    "Mason",     "Mbeki",      "Meredith", "Miller",    "Mistry",   "Moore",     "Morgan",
    "Morris",    "Murphy",     "Nash",     "Newton",    "Nguyen",   "Norris",    "Nowak",
    "Oakley",    "Okafor",     "Owen",     "Palmer",    "Parry",    "Patel",     "Pearce",
    "Perkins",   "Phillips",   "Pierce",   "Pollard",   "Powell",   "Price",     "Pritchard",
    "Prosser",   "Pugh",       "Quinn",    "Rahman",    "Rees",     "Reid",      "Reynolds",
    "Richards",  "Roberts",    "Rowlands", "Ryan",      "Shah",     "Sharma",    "Shaw",
    "Sheikh",    "Silva",      "Singh",    "Slater",    "Stone",    "Sutcliffe", "Sykes",
    "Tanner",    "Taylor",     "Thomas",   "Thornton",  "Tudor",    "Turner",    "Vaughan",
    "Walker",    "Walsh",      "Ward",     "Watkins",   "Webb",     "West",      "Whitaker",
    "Williams",  "Wong",       "Wood",     "Wright",    "Yates",    "Young",     "Zaman"};

const char *name_given(int sex, int index) { return sex == FEMALE ? women[index] : men[index]; }
const char *name_family(int index) { return families[index]; }

void town_name(struct town *t, int first_person) {
  /* of each household, plus one; 0: none yet */
  int *family = arena_array(t->arena, int, t->households_count + 1);
  for (int i = 0; i < first_person; i++)
    if (!family[t->people[i].household]) family[t->people[i].household] = t->people[i].family + 1;
  for (int i = first_person; i < t->people_count; i++) {
    struct sample_person *p = &t->people[i];
    int list = p->sex == FEMALE ? COUNT(women) : COUNT(men);
    p->given = (unsigned char)random_below(&t->random, list);
    /* never the same twice */
    p->second = (unsigned char)((p->given + 1 + random_below(&t->random, list - 1)) % list);
    int *shared = &family[p->household];
    bool apart = t->households[p->household].type == SHARERS ||
                 (p->mother < 0 && random_below(&t->random, 4) == 0);
    int own = p->mother >= 0      ? t->people[p->mother].family
              : *shared && !apart ? *shared - 1
                                  : random_below(&t->random, COUNT(families));
    /* a younger mother: no name yet */
    if (p->mother >= i) own = *shared ? *shared - 1 : random_below(&t->random, COUNT(families));
    p->family = (unsigned char)own;
    if (!*shared) *shared = own + 1;
  }
}

import { useLanguage, type Language } from "@/shared/language";

const english = {
  title: "Broker's staff",
  lead: "For the assisted desk: act for a client who has called or written.",
  name: "Name",
  password: "Password",
  code: "Authenticator code",
  codeHint: "6 digits, from your app.",
  empty: "Enter your name and your password.",
  codeEmpty: "Enter the code that your app shows now.",
  logIn: "Log in",
  loggingIn: "Logging in…",
  traders: "I am a client",
  open: "Open a client's account",
  openLead: "You see what the client sees. What you do there is recorded with your name and the reference, and the client sees the reference.",
  client: "Client ID",
  clientEmpty: "Enter the client's ID.",
  noClient: (id: string) => `There is no active client ${id}.`,
  appFirst: "Add an authenticator app to your login first: the link below leads there.",
  evidence: "Reference of the recorded call or mail",
  evidenceHint: "Each instruction of a client needs one. 1 to 80 letters, digits and signs of the English keyboard.",
  evidenceWrong: "Enter where the client's instruction is recorded: 1 to 80 letters, digits and signs of the English keyboard.",
  openIt: "Open the account",
  opening: "Looking for the client…",
  actingFor: "You act for",
  recordedAs: "Recorded as",
  close: "Close the account",
  own: "Your logins and your authenticator app",
  back: "Back",
  app: {
    why: "With an authenticator app your password alone lets nobody in.",
    asked: "At the login its code is asked for beside your password.",
  },
  loginsLead: "If you do not know one of these, end it and tell whoever runs this system.",
  roles: {
    operator: "Operators work on the node, with pbm. There is nothing for them on this page but their own login.",
    approver: "There is nothing to approve yet. Only your own login is here.",
    auditor: "Auditors read by the API (X-Act-For names the client) and replay the journal with pbm. Only your own login is here.",
  } as Readonly<Record<string, string>>,
};

type StaffTexts = typeof english;

const hindi: StaffTexts = {
  title: "ब्रोकर के कर्मचारी",
  lead: "सहायता डेस्क के लिए: जिस क्लाइंट ने फ़ोन किया या लिखा है, उसकी ओर से काम करें।",
  name: "नाम",
  password: "पासवर्ड",
  code: "ऑथेंटिकेटर कोड",
  codeHint: "6 अंक, आपके ऐप से।",
  empty: "अपना नाम और पासवर्ड डालें।",
  codeEmpty: "आपका ऐप अभी जो कोड दिखा रहा है वह डालें।",
  logIn: "लॉग इन करें",
  loggingIn: "लॉग इन हो रहा है…",
  traders: "मैं क्लाइंट हूँ",
  open: "क्लाइंट का खाता खोलें",
  openLead: "आप वही देखते हैं जो क्लाइंट देखता है। आप वहाँ जो करते हैं वह आपके नाम और संदर्भ के साथ दर्ज होता है, और क्लाइंट संदर्भ देखता है।",
  client: "क्लाइंट आईडी",
  clientEmpty: "क्लाइंट की आईडी डालें।",
  noClient: (id) => `${id} नाम का कोई सक्रिय क्लाइंट नहीं है।`,
  appFirst: "पहले अपने लॉगिन में ऑथेंटिकेटर ऐप जोड़ें: नीचे की लिंक वहाँ ले जाती है।",
  evidence: "रिकॉर्ड की गई कॉल या मेल का संदर्भ",
  evidenceHint: "क्लाइंट के हर निर्देश के लिए एक चाहिए। अंग्रेज़ी कीबोर्ड के 1 से 80 अक्षर, अंक और चिह्न।",
  evidenceWrong: "डालें कि क्लाइंट का निर्देश कहाँ दर्ज है: अंग्रेज़ी कीबोर्ड के 1 से 80 अक्षर, अंक और चिह्न।",
  openIt: "खाता खोलें",
  opening: "क्लाइंट को खोजा जा रहा है…",
  actingFor: "आप इनकी ओर से हैं",
  recordedAs: "संदर्भ",
  close: "खाता बंद करें",
  own: "आपके लॉगिन और आपका ऑथेंटिकेटर ऐप",
  back: "वापस",
  app: {
    why: "ऑथेंटिकेटर ऐप के साथ सिर्फ़ आपके पासवर्ड से कोई अंदर नहीं आ सकता।",
    asked: "लॉगिन पर पासवर्ड के साथ इसका कोड भी माँगा जाता है।",
  },
  loginsLead: "अगर आप इनमें से किसी को नहीं जानते, तो उसे समाप्त करें और इस सिस्टम को चलाने वाले को बताएँ।",
  roles: {
    operator: "ऑपरेटर नोड पर pbm से काम करते हैं। इस पेज पर उनके अपने लॉगिन के सिवा कुछ नहीं है।",
    approver: "अभी मंज़ूर करने के लिए कुछ नहीं है। यहाँ केवल आपका अपना लॉगिन है।",
    auditor: "ऑडिटर API से पढ़ते हैं (X-Act-For में क्लाइंट) और pbm से जर्नल दोहराते हैं। यहाँ केवल आपका अपना लॉगिन है।",
  },
};

const texts: Readonly<Record<Language, StaffTexts>> = { en: english, hi: hindi };

/** The texts of the staff's pages, which the trader's page never loads. */
export const useStaffTexts = (): StaffTexts => texts[useLanguage()];

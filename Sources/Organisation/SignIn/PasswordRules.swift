/// Length and what is known to be guessed first (NIST SP 800-63B, 5.1.1.2); no rules about kinds of characters.
package enum PasswordRules {
    package static func check(_ password: String, signInName: String, name: String) throws(OrganisationError) {
        let range = OrganisationLimits.passwordCharacters
        guard password.count >= range.lowerBound else { throw .passwordTooShort }
        guard password.count <= range.upperBound else { throw .passwordTooLong }
        let plain = password.lowercased().filter { !$0.isWhitespace }
        if isRepetition(plain) || isSequence(plain) || isKnown(plain) { throw .passwordKnown }
        for own in [signInName.lowercased(), name.lowercased()] where own.count >= 2 {
            let rest = plain.replacing(own, with: "")
            if rest.count != plain.count, rest.count < 6 { throw .passwordPersonal }
        }
    }

    /// A short piece again and again: `abcabcabcabc`.
    private static func isRepetition(_ text: String) -> Bool {
        let characters = Array(text)
        return (1...4).contains { length in
            length < characters.count
                && characters.indices.allSatisfy { characters[$0] == characters[$0 % length] }
        }
    }

    /// Neighbours of the alphabet, the digits or the keyboard, forwards or backwards.
    private static func isSequence(_ text: String) -> Bool {
        ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb"]
            .contains { row in row.contains(text) || String(row.reversed()).contains(text) }
    }

    /// A word that is guessed first, with little added to it.
    private static func isKnown(_ text: String) -> Bool {
        let letters = text.filter { !$0.isNumber && !$0.isPunctuation && !$0.isSymbol }
        return guessedFirst.contains(text) || (letters.count < 12 && guessedFirst.contains(letters))
    }

    private static let guessedFirst: Set<String> = [
        "", "password", "passw", "passwd", "pass", "passport", "letmein", "welcome", "admin", "administrator", "root",
        "user", "test", "guest", "login", "master", "hello", "iloveyou", "woaini", "dragon", "monkey", "football",
        "baseball", "superman", "batman", "princess", "sunshine", "shadow", "michael", "charlie", "qwerty",
        "qwertyuiop", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "qazwsx", "qazwsxedc", "aabbcc", "abc", "abcd",
        "abcdef", "shuzhi", "putuo", "shanghai", "zhongguo", "china", "changeme", "default", "secret", "mima",
        "wodemima", "correcthorsebatterystaple", "a", "p", "pw", "pwd", "q", "qwe", "asd", "aa", "aaa",
    ]
}

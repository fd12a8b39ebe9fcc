internal import Core
internal import Store

/// Takes a time code or a recovery code, whichever was typed.
struct SecondFactorCheck: Sendable {
    let context: OrganisationContext
    init(_ context: OrganisationContext) { self.context = context }

    /// What was used, for the audit trail; nil when the code is wrong or used up.
    func use(_ code: String, of id: ID<Person>, in tx: any Transaction) throws -> String? {
        let typed = code.filter { !$0.isWhitespace && $0 != "-" }.lowercased()
        guard let factor = try SignInStore.secondFactor(of: id, in: tx), factor.isConfirmed else { return nil }
        if typed.count > 6 {
            let isUsed = try SignInStore.useRecoveryCode(SecureBytes.hash(typed), of: id, in: tx)
            return isUsed ? "recovery code" : nil
        }
        let secret = try context.factorSeal.open(factor.sealed)
        let step = TimeCode.matchingStep(
            typed, secret: secret, at: context.surroundings.now(), lastStep: factor.lastStep)
        guard let step, try SignInStore.useStep(step, of: id, in: tx) else { return nil }
        return "time code"
    }
}

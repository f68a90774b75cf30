package policy

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/document"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// maxVersions is how many versions the service keeps of a policy (RAM: "Limits", 2025).
const maxVersions = 5

func custom(name string) ramclient.PolicyRef {
	return ramclient.PolicyRef{PolicyName: name, PolicyType: ramclient.PolicyCustom}
}

// putInForce makes the document the default version of the policy and returns that
// version's id. The service is told to drop the oldest other version at its limit, so
// that versions which somebody added meanwhile are no obstacle.
//
// If the answer is lost, the versions tell what became of the request: what has the
// meaning of the document already is put in force rather than made again.
func (r *policyResource) putInForce(ctx context.Context, name string, wanted document.Value) (versionID string, err error) {
	send := func() (string, error) {
		version, err := r.Client.CreatePolicyVersion(ctx, ramclient.CreatePolicyVersionInput{
			PolicyName: name, PolicyDocument: wanted.ValueString(),
			SetAsDefault: true, RotateStrategy: ramclient.RotateDeleteOldest,
		})
		return version.VersionID, err
	}
	versionID, err = send()
	for again := true; ramclient.IsAmbiguous(err); again = false {
		found, findErr := r.findVersion(ctx, name, wanted)
		switch {
		case findErr != nil:
			return "", err // the create's own failure tells more
		case found.IsDefaultVersion:
			return found.VersionID, nil
		case found.VersionID != "":
			return found.VersionID, r.Client.SetDefaultPolicyVersion(ctx, name, found.VersionID)
		case !again:
			return "", err
		}
		versionID, err = send()
	}
	return versionID, err
}

// findVersion looks for a version with the meaning of the document until the service
// must have come to agree with itself. The one in force goes before any other; the zero
// version says that there is none.
func (r *policyResource) findVersion(ctx context.Context, name string, wanted document.Value) (found ramclient.PolicyVersion, err error) {
	err = consistency.Until(ctx, r.Clock, r.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		versions, err := r.Client.ListPolicyVersions(ctx, custom(name))
		for _, version := range versions {
			same := wanted.SameMeaning(document.NewValue(document.Policy, version.PolicyDocument))
			if same && (version.IsDefaultVersion || found.VersionID == "") {
				found = version
			}
		}
		return found.VersionID != "", err
	})
	return found, err
}

// prune deletes the oldest versions until only keep are left, the one in force among
// them. What is gone already does not matter.
func (r *policyResource) prune(ctx context.Context, name, inForce string, keep int) error {
	versions, err := r.Client.ListPolicyVersions(ctx, custom(name))
	if err != nil {
		return err
	}
	for _, versionID := range surplus(versions, inForce, keep) {
		if err := r.Client.DeletePolicyVersion(ctx, name, versionID); err != nil && !ramclient.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// surplus are the ids of the versions to delete so that only keep are left, oldest first
// and never the one in force. Which one that is, is not taken from the list: a list that
// lags behind may still name the one before.
func surplus(versions []ramclient.PolicyVersion, inForce string, keep int) []string {
	var others []string
	for _, version := range versions {
		if version.VersionID != inForce {
			others = append(others, version.VersionID)
		}
	}
	slices.SortFunc(others, func(a, b string) int { // v9 is older than v10
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
	return others[:max(len(others)-(keep-1), 0)]
}

var S,$n,qt,se,Ft,Ze,Dn,ze,Nn,Wt,Ut,er,Ae=Symbol.for("pv"),Xe={},Qe=[],tr=/^m(i|n|o|s|text|space)$/,Bt=Array.isArray,jt=Qe.slice,fe=Object.assign;function he(n){
n&&n.parentNode&&n.remove()}function Hn(n,e,t){var o,i,r,a={},l=arguments.length;for(r in e)r=="key"?o=e[r]:r=="ref"&&typeof n!="function"?i=e[r]:a[r]=e[r];return l>
2&&(a.children=l>3?jt.call(arguments,2):t),Oe(n,a,o,i,null)}function Oe(n,e,t,o,i){var r={type:n,props:e,key:t,ref:o,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Ae,__v:i||++$n,__i:-1,__u:0};return!i&&S.vnode&&S.
vnode(r),r}function E(n){return n.children}function ae(n,e){this.props=n,this.context=e,this.__g=0}function le(n,e){if(e==null)return n.__&&le(n.__,n.__i+1);for(var t;e<n.
__k.length;e++)if((t=n.__k[e])&&t.__e)return t.__e;return typeof n.type!="function"||n.props.__P?null:le(n)}function nr(n){var e,t=n.__v,o=t.__e,i=[],r=[],a=n.__P;
a&&((e=fe({constructor:Ae},t)).__v=t.__v+1,S.vnode&&S.vnode(e),Kt(a,e,t,n.__n,a.namespaceURI,32&t.__u?[o]:null,i,o||le(t),32&t.__u,r),e.__v=t.__v,e.__.__k[e.__i]=
e,jn(i,e,r),t.__=t.__e=null,e.__e!=o&&Fn(e))}function Fn(n){if((n=n.__)&&n.__c&&!n.props.__P)return n.__e=null,n.__k.some(function(e){return e&&(n.__e=e.__e)}),
Fn(n)}function An(n){(8&n.__g||(n.__g|=8,se.push(n),Ze++))&&Ft==S.debounceRendering||((Ft=S.debounceRendering)||queueMicrotask)(Un)}function Un(){try{for(var n,
e=1;se.length;)se.length>e&&se.sort(Dn),n=se.shift(),e=se.length,8&n.__g&&nr(n)}finally{(Ze=se.length)&&(Ft||queueMicrotask)(Un)}}function qn(n,e,t,o,i,r,a,l,u,m,d){
var p,h,c,g,w,f,T=o.__k||Qe,x=e.length;for(u=or(t,e,T,u,x),p=0;p<x;p++)(c=t.__k[p])!=null&&(h=~c.__i&&T[c.__i]||Xe,c.__i=p,f=Kt(n,c,h,i,r,a,l,u,m,d),g=c.__e,(h.
ref!=c.ref||8&h.__u)&&(h.ref&&Gt(h.ref,null,c,h),c.ref&&d.push(c.ref,c.__c||g,c)),w=w||g,4&c.__u?(u=Wn(c,u,n,!h.__v),h.__e&&(h.__e=null)):typeof c.type=="functi\
on"&&f!==void 0?u=f:g&&(u=g.nextSibling),c.__u&=-21);return t.__e=w,u}function or(n,e,t,o,i){var r,a,l,u,m,d,p,h,c,g=t.length,w=g,f=0,T=0,x=n.__k=Array(i);for(r=
0;r<i;r++)(a=e[r])!=null&&typeof a!="boolean"&&typeof a!="function"?(typeof a!="object"||a.constructor===String?a=x[r]=Oe(null,a):Bt(a)?a=x[r]=Oe(E,{children:a}):
a.constructor===Ae&&a.__b?a=x[r]=Oe(a.type,a.props,a.key,a.ref,a.__v):x[r]=a,u=r+f,a.__=n,a.__b=n.__b+1,l=null,~(m=a.__i=ir(a,t,u,w))&&(w--,(l=t[m])&&(l.__u|=2)),
l&&l.__v?(a.__u|=16,m==u-1?f--:m==u+1?f++:m!=u&&(m>u?f--:f++,T=1)):(~m||(i>g?f--:i<g&&f++),typeof a.type!="function"&&(a.__u|=4))):x[r]=null;if(T){for(d=[],p=[],
r=0;r<i;r++)if((a=x[r])&&16&a.__u){for(f=0,h=d.length;f<h;)d[c=f+h>>1]<a.__i?f=c+1:h=c;d[f]=a.__i,p[r]=f+1}for(f=d.length;r--;)p[r]&&(p[r]==f?f--:x[r].__u|=4)}if(w)
for(r=0;r<g;r++)!(l=t[r])||2&l.__u||(l.__e==o&&(o=le(l)),Vt(l,l));return o}function Wn(n,e,t,o){var i,r,a,l;if(typeof n.type=="function"){if(n.props.__P)return e;
if(i=n.__k)for(r=0;r<i.length;r++)i[r]&&(i[r].__=n,e=Wn(i[r],e,t,!1));return e}for(e&&!e.parentNode&&(e=le(n))&&!e.parentNode&&(e=null),a=n.__e,l=e;l&&l.nodeType==
8;)l=l.nextSibling;for(a!=l&&(!o&&t.moveBefore&&a.parentNode?t.moveBefore(a,e):t.insertBefore(a,e||null)),e=a;(e=e&&e.nextSibling)&&e.nodeType==8&&!e.data.startsWith(
"$s"););return e}function ir(n,e,t,o){var i,r=n.key,a=n.type,l=e[t],u=l&&!(2&l.__u);if(l===null&&r==null||u&&r==l.key&&a==l.type)return t;if(o>(u?1:0)){for(i=t-1;i>=0;i--)if((l=
e[i])&&!(2&l.__u)&&r==l.key&&a==l.type)return i;for(i=t+1;i<e.length;i++)if((l=e[i])&&!(2&l.__u)&&r==l.key&&a==l.type)return i}return-1}function In(n,e,t){t==null&&
(t=""),e[0]=="-"?n.setProperty(e,t):n[e]=t}function Je(n,e,t,o,i){var r,a;if(e=="style")if(typeof t=="string")n.style.cssText=t;else{if(typeof o=="string"&&(n.style.
cssText=o=""),o)for(e in o)t&&e in t||In(n.style,e);if(t)for(e in t)o&&t[e]==o[e]||In(n.style,e,t[e])}else if(e[0]=="o"&&e[1]=="n")typeof t!="function"&&(t=null),
typeof o!="function"&&(o=null),(n.__e||(n.__e={}))[e]=t,t&&o||(a=Ut[e]||(Ut[e]=rr(e)),(n.__a||(n.__a={}))[e]=Wt,r=e!=(e=e.replace(Nn,"$1")),(e=e.slice(2))[0]<"a"&&
(e=e.toLowerCase()),t?n.addEventListener(e,a,r):n.removeEventListener(e,a,r));else{if(i=="http://www.w3.org/2000/svg")e=e.replace(/xlink(H|:h)/,"h").replace(/sName$/,
"s");else if(e!="width"&&e!="height"&&e!="href"&&e!="list"&&e!="form"&&e!="tabIndex"&&e!="download"&&e!="rowSpan"&&e!="colSpan"&&e!="role"&&e!="popover"&&e in n)
try{return void(n[e]=t??"")}catch{}if(typeof t=="function")return;t==null||t===!1&&e[4]!="-"?n.removeAttribute(e):n.setAttribute(e,e=="popover"&&t==1?"":t)}}function rr(n){
return function(e){var t=this.__e;if(t){if(t=t[n],e[ze]==null)e[ze]=Wt++;else if(e[ze]<this.__a[n])return;return t(S.event?S.event(e):e)}}}function Kt(n,e,t,o,i,r,a,l,u,m){
var d,p,h,c,g,w,f,T,x,N,M,Ht,Ln,Ve,me,On,re,pe,ee=e.type;if(e.constructor!==Ae)return null;128&t.__u&&(u=32&t.__u,d=t.__c.__z)&&(e.__u|=u,p=r=[],d.nodeType==8?l=
Ye(d,r):r.push(d),l=r[0]||l),(d=S.__b)&&d(e);e:if(typeof ee=="function"){h=a.length;try{if(T=e.props,x=(d=ee.prototype)&&d.render,N=(d=ee.contextType)&&o[d.__c],
M=d?N?N.props.value:d.__:o,(c=t.__c)?(e.__c=c,2&c.__g&&(c.__g|=1)):(x?e.__c=c=new ee(T,M):(e.__c=c=new ae(T,M),c.constructor=ee,c.render=ar),N&&N.sub(c),c.state||
(c.state={}),c.__n=o,c.__g|=8,c.__h=[],c.__k=[]),x&&(c.__s||(c.__s=c.state),ee.getDerivedStateFromProps&&(c.__s==c.state&&(c.__s=fe({},c.__s)),fe(c.__s,ee.getDerivedStateFromProps(
T,c.__s)))),g=c.props,w=c.state,c.__v=e,t.__c){if(T!==g&&x&&!ee.getDerivedStateFromProps&&c.componentWillReceiveProps&&c.componentWillReceiveProps(T,M),e.__v==t.
__v&&!(8&c.__g)||!(4&c.__g)&&c.shouldComponentUpdate&&c.shouldComponentUpdate(T,c.__s,M)===!1){e.__v!=t.__v&&(c.props=T,c.state=c.__s,c.__g&=-9),e.__e=t.__e,e.__k=
t.__k,e.__k.some(function(G){G&&(G.__=e)}),Qe.push.apply(c.__h,c.__k),c.__k=[],c.__h.length&&a.push(c),l=le(t);break e}c.componentWillUpdate&&c.componentWillUpdate(
T,c.__s,M),x&&c.componentDidUpdate&&c.__h.push(function(){c.componentDidUpdate(g,w,f)})}else x&&!ee.getDerivedStateFromProps&&c.componentWillMount&&c.componentWillMount(),
x&&c.componentDidMount&&c.__h.push(c.componentDidMount);c.context=M,c.props=T,c.__P=n,c.__g&=-5,Ht=S.__r,Ln=x?25:0;do c.__g&=-9,Ht&&Ht(e),d=c.render(c.props,c.state=
c.__s,c.context);while(8&c.__g&&++Ln<25);x&&(Qe.push.apply(c.__h,c.__k),c.__k=[]),c.state=c.__s,c.getChildContext&&(o=fe({},o,c.getChildContext())),x&&t.__c&&c.
getSnapshotBeforeUpdate&&(f=c.getSnapshotBeforeUpdate(g,w)),Ve=d&&d.type===E&&d.key==null?d.props.children:d,T.__P&&(d=l,i=(n=T.__P).namespaceURI,u=r=null,t.props&&
t.props.__P!=n&&(t.__k.some(function(G){G&&Vt(G,G)}),t.__k=null),l=t.__k?le(t,0):null),l=qn(n,Bt(Ve)?Ve:[Ve],e,t,o,i,r,a,l,u,m),T.__P&&(e.__e=null,l=d),e.__u&=-161,
p&&p.some(he),c.__h.length&&a.push(c),1&c.__g&&(c.__g&=-4)}catch(G){if(a.length=h,e.__v=null,u||r)if(G&&G.then){if(e.__u|=128|u,r){for(~(re=r.indexOf(l||void 0))||
(re=r.length);(pe=r[re-1])&&pe.nodeType==8;)re--;for(;re<r.length;re++)if(pe=r[re])if(r[re]=null,me){if(pe==On)break}else{if(pe.nodeType!=8)break;pe.data.startsWith(
"$s")&&(On=Ye(me=pe))}}if(!me){for(;l&&l.nodeType==8&&l.nextSibling;)l=l.nextSibling;me=l}(d=Ye(me=e.__c.__z||(e.__c.__z=me)))?(e.__e=me,l=d):e.__e=l,l=l&&l.nextSibling}else
r&&r.some(he);else e.__e=t.__e;e.__k||(e.__k=t.__k||[]),G&&G.then||Bn(e),S.__e(G,e,t)}}else l=e.__e=sr(t.__e,e,t,o,i,r,a,u,m,n);return(d=S.diffed)&&d(e),l}function Ye(n,e){
if(n&&n.nodeType==8&&n.data.startsWith("$s"))for(var t=1;n=n.nextSibling;){if(n.nodeType==8){if(n.data.startsWith("$s"))t++;else if(n.data.startsWith("/$s")&&!--t)
return n}e&&e.push(n)}}function Bn(n){n&&(n.__c&&(n.__c.__g|=4),n.__k&&n.__k.some(Bn))}function jn(n,e,t){for(var o=0;o<t.length;)Gt(t[o++],t[o++],t[o++]);S.__c&&
S.__c(e,n),n.some(function(i){try{n=i.__h,i.__h=[],n.some(function(r){r.call(i)})}catch(r){S.__e(r,i.__v)}})}function sr(n,e,t,o,i,r,a,l,u,m){var d,p,h,c,g,w,f,
T,x=t.props||Xe,N=e.props,M=e.type;if(M=="svg"?i="http://www.w3.org/2000/svg":M=="math"?i="http://www.w3.org/1998/Math/MathML":i||(i="http://www.w3.org/1999/xht\
ml"),r){for(d=0;d<r.length;d++)if((g=r[d])&&(M?g.localName==M:g.nodeType==3)){n=g,r[d]=null;break}}if(!n){if(T=m.ownerDocument||document,!M)return T.createTextNode(
N);n=T.createElementNS(i,M,N.is?N:m),l&&(S.__m&&S.__m(e,r),l=!1),r=null}if(M){if(m=M=="template"&&n.content||n,r=M=="textarea"&&N.defaultValue!=null?null:r&&jt.
call(m.childNodes),!l&&r)for(x={},d=0;d<n.attributes.length;d++)x[(g=n.attributes[d]).name]=g.value;for(d in x)g=x[d],d=="dangerouslySetInnerHTML"?h=g:d=="child\
ren"||d in N||d=="value"&&"defaultValue"in N||d=="checked"&&"defaultChecked"in N||Je(n,d,null,g,i);for(d in N)g=N[d],d=="children"?c=g:d=="dangerouslySetInnerHT\
ML"?p=g:d=="value"?w=g:d=="checked"?f=g:l&&typeof g!="function"||x[d]===g||Je(n,d,g,x[d],i);p?(l||h&&(p.__html==h.__html||p.__html==n.innerHTML)||(n.innerHTML=p.
__html),e.__k=[]):(h&&(n.textContent=""),(M=="foreignObject"||i=="http://www.w3.org/1998/Math/MathML"&&tr.test(M))&&(i="http://www.w3.org/1999/xhtml"),qn(m,Bt(c)?
c:[c],e,t,o,i,r,a,r?r[0]:t.__k&&le(t,0),l,u),r&&r.some(he)),l&&M!="textarea"||(d="value",M=="progress"&&w==null?n.removeAttribute(d):w==null||w===n[d]&&(M!="pro\
gress"||w)||Je(n,d,w,x[d],i),d="checked",f!=null&&f!=n[d]&&Je(n,d,f,x[d],i))}else x===N||l&&n.data==N||(n.data=N);return n}function Gt(n,e,t,o){try{typeof n=="f\
unction"?e?e.__x=n(e)||1:o&&(o=o.__c||o.__e)&&(e=o.__x)&&(o.__x=null,typeof e=="function"?e():n(null)):n.current=e}catch(i){S.__e(i,t)}}function Vt(n,e,t){var o,
i,r,a;if(S.unmount&&S.unmount(n),!(o=n.ref)||o.current&&o.current!=n.__e||Gt(o,null,e,n),o=n.__c){if(o.componentWillUnmount)try{o.componentWillUnmount()}catch(l){
S.__e(l,e)}o.__P=o.__n=null}if(o=n.__k)for(a=0;a<o.length;a++)o[a]&&Vt(o[a],e,typeof n.type!="function"||t&&!n.props.__P);!t&&(o=n.__c)&&(o=o.__z)&&(i=Ye(o,r=[]))&&
(o==n.__e&&r.some(he),he(i),he(o)),t||he(n.__e),n.__e=n.__c=n.__=null}function ar(n,e,t){return this.constructor(n,t)}function Kn(n,e){var t,o,i,r;S.__&&S.__(n,
e),e.nodeType==9&&(e=e.documentElement),o=(t=n&&32&n.__u)?null:e.__k,e.__k=Oe(E,{children:[n]}),i=[],r=[],Kt(e,e.__k,o||Xe,Xe,e.namespaceURI,o?null:e.firstChild?
jt.call(e.childNodes):null,i,o?o.__e:e.firstChild,t,r),jn(i,e.__k,r),e.__k.props.children=null}S={__e:function(n,e,t,o){for(var i,r,a;e=e.__;)if((i=e.__c)&&!(1&i.__g)){i.__g|=4;try{if((a=(r=i.constructor)&&r.getDerivedStateFromError)&&i.setState(r.getDerivedStateFromError(
n)),i.componentDidCatch&&(i.componentDidCatch(n,o||{}),a=1),a&&8&i.__g)return void(i.__g|=2)}catch(l){n=l}}throw Ze=0,n}},$n=0,qt=function(n){return n!=null&&n.
constructor===Ae},ae.prototype.setState=function(n,e){var t=this.__s;t&&t!=this.state||(t=this.__s=fe({},this.state)),typeof n=="function"&&(n=n(fe({},t),this.props)),
n&&(fe(t,n),this.__v&&(e&&this.__k.push(e),An(this)))},ae.prototype.forceUpdate=function(n){this.__v&&(this.__g|=4,n&&this.__h.push(n),An(this))},ae.prototype.render=
E,se=[],Ze=0,Dn=function(n,e){return n.__v.__b-e.__v.__b},ze=Symbol(),Nn=/(PointerCapture)$|Capture$/i,Wt=0,Ut={},er=0;var $e,W,Jt,Gn,lr=Object.is,zt=0,to=[],Yt=[],O=S,Vn=O.__b,Jn=O.__r,zn=O.diffed,Yn=O.__c,Zn=O.unmount,Xn=O.__;function Xt(n,e){O.__h&&O.__h(W,n,zt||e),zt=0;var t=W.
__H||(W.__H={__:[],__h:[]});return n>=t.__.length&&t.__.push({}),t.__[n]}function F(n,e){var t=Xt($e++,3);!O.__s&&Qt(t.__H,e)&&(t.__P=!0,t.__=n,t.u=e,W.__H.__h.push(t))}function X(n,e){var t=Xt($e++,4);!O.__s&&Qt(t.__H,e)&&(t.__P=!1,
t.__=n,t.u=e,W.__h.push(t))}function U(n){return zt=5,_e(function(){return{current:n}},[])}function _e(n,e){var t=Xt($e++,7);return Qt(t.__H,e)&&(t.__=n(),t.__H=e),t.__}function ur(){var n;do{for(;n=Yt.shift();)try{Ie(n)}catch(t){O.__e(t,{__:(n=n.__P)&&n.__v})}for(;n=to.shift();){var e=n.__H;if(n.__P&&e)try{e.__h.some(Ie),e.__h.
some(Zt),e.__h=[]}catch(t){e.__h=[],O.__e(t,n.__v)}}}while(Yt.length)}O.__b=function(n){W=null,Vn&&Vn(n)},O.__=function(n,e){n&&e.__k&&e.__k.__m&&(n.__m=e.__k.__m),
Xn&&Xn(n,e)},O.__r=function(n){Jn&&Jn(n),$e=0;var e=(W=n.__c).__H;e&&(Jt==W?W.__h=[]:(e.__h.some(Ie),e.__h.some(Zt),$e=0),e.__h=[],e.__.some(function(t){t.__N&&
(t.__=t.__N),t.u=t.__N=void 0})),Jt=W},O.diffed=function(n){zn&&zn(n);var e=n.__c;e&&e.__H&&(e.__H.__h.length&&eo(to.push(e)),e.__H.__.some(function(t){t.u&&(t.
__H=t.u)})),Jt=W=null},O.__c=function(n,e){e.some(function(t){try{t.__h.some(Ie),t.__h=t.__h.filter(function(o){return!o.__||Zt(o)})}catch(o){t.__h=[function(){
throw o}]}}),Yn&&Yn(n,e)},O.unmount=function(n){Zn&&Zn(n);var e,t,o=n.__c;o&&o.__H&&(o.__H.__.some(function(i){try{if(i.__P&&i.__c){if(t===void 0){for(t=n.__;t&&
(!t.__c||!t.__c.__P);)t=t.__;t=t&&t.__c}i.__P=t,eo(Yt.push(i))}else Ie(i)}catch(r){e=r}}),o.__H=void 0,e&&O.__e(e,o.__v))};var Qn=typeof requestAnimationFrame==
"function";function dr(n){var e,t=function(){clearTimeout(o),Qn&&cancelAnimationFrame(e),setTimeout(n)},o=setTimeout(t,35);Qn&&(e=requestAnimationFrame(t))}function eo(n){
n!=1&&Gn==O.requestAnimationFrame||((Gn=O.requestAnimationFrame)||dr)(ur)}function Ie(n){var e=W,t=n.__c;typeof t=="function"&&(n.__c=void 0,t()),W=e}function Zt(n){
var e=W;n.__c=n.__(),W=e}function Qt(n,e){return!n||n.length!=e.length||e.some(function(t,o){return!lr(t,n[o])})}var cr=Symbol.for("preact-signals");function ot(){if(te>1)te--;else{var n,e=!1;for((function(){var i=tt;for(tt=void 0;i!==void 0;){var r=i.S;if(r.v===i.v)for(var a=r.
t;a!==void 0;a=a.x)a.i===i.i&&(a.i=r.i);i=i.o}})();Ne!==void 0;){var t=Ne;for(Ne=void 0,et++;t!==void 0;){var o=t.u;if(t.u=void 0,t.f&=-3,!(8&t.f)&&oo(t))try{t.
c()}catch(i){e||(n=i,e=!0)}t=o}}if(et=0,te--,e)throw n}}function ue(n){if(te>0)return n();en=++mr,te++;try{return n()}finally{ot()}}var De,C=void 0;function He(n){
var e=C,t=De;C=void 0,De=void 0;try{return n()}finally{C=e,De=t}}var Ne=void 0,te=0,et=0,mr=0,en=0,tt=void 0,nt=0;function no(n){if(C!==void 0){var e=n.n;if(e===
void 0||e.t!==C)return e={i:0,S:n,p:C.s,n:void 0,t:C,e:void 0,x:void 0,r:e},C.s!==void 0&&(C.s.n=e),C.s=e,n.n=e,32&C.f&&n.S(e),e;if(e.i===-1)return e.i=0,e.n!==
void 0&&(e.n.p=e.p,e.p!==void 0&&(e.p.n=e.n),e.p=C.s,e.n=void 0,C.s.n=e,C.s=e),e}}function D(n,e){this.v=n,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=
e?.watched,this.Z=e?.unwatched,this.name=e?.name}D.prototype.brand=cr;D.prototype.h=function(){return!0};D.prototype.S=function(n){var e=this,t=this.t;t!==n&&n.
e===void 0&&(n.x=t,this.t=n,t!==void 0?t.e=n:He(function(){var o;(o=e.W)==null||o.call(e)}))};D.prototype.U=function(n){var e=this;if(this.t!==void 0){var t=n.e,
o=n.x;t!==void 0&&(t.x=o,n.e=void 0),o!==void 0&&(o.e=t,n.x=void 0),n===this.t&&(this.t=o,o===void 0&&He(function(){var i;(i=e.Z)==null||i.call(e)}))}};D.prototype.
subscribe=function(n){var e=this;return ne(function(){var t=e.value;He(function(){return n(t)})},{name:"sub"})};D.prototype.valueOf=function(){return this.value};
D.prototype.toString=function(){return this.value+""};D.prototype.toJSON=function(){return this.value};D.prototype.peek=function(){var n=this;return He(function(){
return n.value})};Object.defineProperty(D.prototype,"value",{get:function(){var n=no(this);return n!==void 0&&(n.i=this.i),this.v},set:function(n){if(n!==this.v){
if(et>100)throw new Error("Cycle detected");(function(t){te!==0&&et===0&&t.l!==en&&(t.l=en,tt={S:t,v:t.v,i:t.i,o:tt})})(this),this.v=n,this.i++,nt++,te++;try{for(var e=this.
t;e!==void 0;e=e.x)e.t.N()}finally{ot()}}}});function y(n,e){return new D(n,e)}function oo(n){for(var e=n.s;e!==void 0;e=e.n)if(e.S.i!==e.i||!e.S.h()||e.S.i!==e.
i)return!0;return!1}function io(n){for(var e=n.s;e!==void 0;e=e.n){var t=e.S.n;if(t!==void 0&&(e.r=t),e.S.n=e,e.i=-1,e.n===void 0){n.s=e;break}}}function ro(n){
for(var e=n.s,t=void 0;e!==void 0;){var o=e.p;e.i===-1?(e.S.U(e),o!==void 0&&(o.n=e.n),e.n!==void 0&&(e.n.p=o)):t=e,e.S.n=e.r,e.r!==void 0&&(e.r=void 0),e=o}n.s=
t}function ve(n,e){D.call(this,void 0,e),this.x=n,this.s=void 0,this.g=nt-1,this.f=4}ve.prototype=new D;ve.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;
if((36&this.f)==32||(this.f&=-5,this.g===nt))return!0;if(this.g=nt,this.f|=1,this.i>0&&!oo(this))return this.f&=-2,!0;var n=C;try{io(this),C=this;var e=this.x();
(16&this.f||this.v!==e||this.i===0)&&(this.v=e,this.f&=-17,this.i++)}catch(t){this.v=t,this.f|=16,this.i++}return C=n,ro(this),this.f&=-2,!0};ve.prototype.S=function(n){
if(this.t===void 0){this.f|=36;for(var e=this.s;e!==void 0;e=e.n)e.S.S(e)}D.prototype.S.call(this,n)};ve.prototype.U=function(n){if(this.t!==void 0&&(D.prototype.
U.call(this,n),this.t===void 0)){this.f&=-33;for(var e=this.s;e!==void 0;e=e.n)e.S.U(e)}};ve.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(var n=this.t;n!==
void 0;n=n.x)n.t.N()}};Object.defineProperty(ve.prototype,"value",{get:function(){if(1&this.f)throw new Error("Cycle detected");var n=no(this);if(this.h(),n!==void 0&&
(n.i=this.i),16&this.f)throw this.v;return this.v}});function z(n,e){return new ve(n,e)}function so(n){var e=n.j;if(n.j=void 0,typeof e=="function"){te++;var t=C;
C=void 0;try{e()}catch(o){throw n.f&=-2,n.f|=8,tn(n),o}finally{C=t,ot()}}}function tn(n){for(var e=n.s;e!==void 0;e=e.n)e.S.U(e);n.x=void 0,n.s=void 0,so(n)}function pr(n){
if(C!==this)throw new Error("Out-of-order effect");ro(this),C=n,this.f&=-2;try{8&this.f&&tn(this)}finally{ot()}}function xe(n,e){this.x=n,this.j=void 0,this.s=void 0,
this.u=void 0,this.f=32,this.name=e?.name,De&&De.push(this)}xe.prototype.c=function(){var n=this.S();try{if(8&this.f||this.x===void 0)return;var e=this.x();typeof e==
"function"&&(this.j=e)}finally{n()}};xe.prototype.S=function(){if(1&this.f)throw new Error("Cycle detected");this.f|=1,this.f&=-9,so(this),io(this),te++;var n=C;
return C=this,pr.bind(this,n)};xe.prototype.N=function(){2&this.f||(this.f|=2,this.u=Ne,Ne=this)};xe.prototype.d=function(){this.f|=8,1&this.f||tn(this)};xe.prototype.
dispose=function(){this.d()};function ne(n,e){var t=new xe(n,e);try{t.c()}catch(i){throw t.d(),i}var o=t.d.bind(t);return o[Symbol.dispose]=o,o}var ao,rt,it,hr=typeof window<"u"&&!!window.__PREACT_SIGNALS_DEVTOOLS__;var lo=[];ne(function(){ao=this.N})();function Ee(n,e){S[n]=e.bind(null,S[n]||function(){})}function Fe(n){if(it){var e=it;it=void 0,e()}it=n&&n.S()}function uo(n){
var e=this,t=n.data,o=v(t);o.name="ReactiveDom",o.value=t;var i=_e(function(){for(var l=e,u=e.__v;u=u.__;)if(u.__c){u.__c.__$f|=4;break}var m=z(function(){var c=o.
value.value;return c===0?0:c===!0?"":c||""}),d=z(function(){return!Array.isArray(m.value)&&!qt(m.value)}),p=ne(function(){if(this.N=co,d.value){var c=m.value;l.
__v&&l.__v.__e&&l.__v.__e.nodeType===3&&(l.__v.__e.data=c)}}),h=e.__$u.d;return e.__$u.d=function(){p(),h.call(this)},[d,m]},[]),r=i[0],a=i[1];return r.value?a.
peek():a.value}uo.displayName="ReactiveTextNode";Object.defineProperties(D.prototype,{constructor:{configurable:!0,value:Hn(E,null).constructor},type:{configurable:!0,
value:uo},props:{configurable:!0,get:function(){var n=this;return{data:{get value(){return n.value}}}}},__b:{configurable:!0,value:1}});Ee("__b",function(n,e){if(Fe(),
rt=void 0,typeof e.type=="string"){var t,o=e.props;for(var i in o)if(i!=="children"){var r=o[i];r instanceof D&&(t||(e.__np=t={}),t[i]=r,o[i]=r.peek())}}n(e)});
Ee("__r",function(n,e){if(n(e),e.type!==E){Fe();var t,o=e.__c;o&&(o.__$f&=-2,(t=o.__$u)===void 0&&(o.__$u=t=(function(i,r){var a;return ne(function(){a=this},{name:r}),
a.c=i,a})((function(i){return function(){var r;hr&&((r=this.y)==null||r.call(this)),i.__$f|=1,i.setState({})}})(o),typeof e.type=="function"?e.type.displayName||
e.type.name:""))),rt=o,Fe(t)}});Ee("__e",function(n,e,t,o){Fe(),rt=void 0,n(e,t,o)});Ee("diffed",function(n,e){Fe(),rt=void 0;var t;if(typeof e.type=="string"&&
(t=e.__e)){var o=e.__np,i=e.props,r=t.U;if(r)for(var a in r){var l=r[a];l===void 0||o&&a in o||(l.d(),r[a]=void 0)}if(o){r||(r={},t.U=r);for(var u in o){var m=r[u],
d=o[u];m===void 0?(m=fr(t,u,d,i),r[u]=m):m.o(d,i)}}}n(e)});function fr(n,e,t,o){var i=e in n&&n.ownerSVGElement===void 0,r=y(t);return{o:function(a,l){r.value=a,
o=l},d:ne(function(){this.N=co;var a=r.value.value;o[e]!==a&&(o[e]=a,i?n[e]=a:a!=null&&(a!==!1||e[4]==="-")?n.setAttribute(e,a):n.removeAttribute(e))})}}Ee("unm\
ount",function(n,e){if(typeof e.type=="string"){var t=e.__e;if(t){var o=t.U;if(o){t.U=void 0;for(var i in o){var r=o[i];r&&r.d()}}}var a=e.__np;if(a){var l=e.props;
for(var u in a)l[u]=a[u]}e.__np=void 0}else{var m=e.__c;if(m){m.__$f|=8;var d=m.__$u;d&&(m.__$u=void 0,d.d())}}n(e)});Ee("__h",function(n,e,t,o){o<3&&(e.__$f|=2),
n(e,t,o)});ae.prototype.shouldComponentUpdate=function(n,e){if(this.__R)return!0;var t=this.__$u,o=t&&t.s!==void 0;for(var i in e)return!0;if(this.__f||typeof this.
u=="boolean"&&this.u===!0){var r=2&this.__$f;if(!(o||r||4&this.__$f)||1&this.__$f)return!0}else if(!(o||4&this.__$f)||3&this.__$f)return!0;for(var a in n)if(a!==
"__source"&&n[a]!==this.props[a])return!0;for(var l in this.props)if(!(l in n))return!0;return!1};function v(n,e){return _e(function(){return y(n,e)},[])}var vr=function(n){queueMicrotask(function(){queueMicrotask(n)})};function gr(){ue(function(){for(var n;n=lo.shift();)ao.call(n)})}function co(){lo.push(this)===1&&(S.requestAnimationFrame||vr)(gr)}var V=class extends Error{name="Malformed"};function k(n,e){if(typeof n!="object"||n===null||Array.isArray(n))throw new V(`${e} is not an object`);return n}function P(n,e){
let t=n[e];if(typeof t!="string")throw new V(`${e} is not a string`);return t}function _(n,e){let t=n[e];if(typeof t!="number"||!Number.isSafeInteger(t))throw new V(
`${e} is not an integer`);return t}function H(n,e,t){let o=n[e];if(o==null)return[];if(!Array.isArray(o))throw new V(`${e} is not a list`);return o.map(t)}function mo(n){
if(typeof n!="string")throw new V("not a string");return n}function Ue(n){let e=k(n,"person");return{id:P(e,"id"),name:P(e,"name")}}function po(n){let e=k(n,"user"),t={id:P(e,"id"),name:P(e,"name")};return typeof e.kind==
"string"&&(t.kind=e.kind),typeof e.role=="string"&&(t.role=e.role),typeof e.bio=="string"&&(t.bio=e.bio),typeof e.muted_until=="number"&&(t.mutedUntil=e.muted_until),
t}var br=new Set(["mentions","nothing","hidden"]);function yr(n){if(n.read===void 0)return;let e={read:_(n,"read"),unread:n.unread===void 0?0:_(n,"unread"),mentions:n.
mentions===void 0?0:_(n,"mentions"),notify:br.has(n.notify)?n.notify:""};return typeof n.role=="string"&&(e.role=n.role),typeof n.muted_until=="number"&&(e.mutedUntil=
n.muted_until),e}function ge(n){let e=k(n,"room"),t={id:P(e,"id"),name:P(e,"name"),kind:P(e,"kind")};typeof e.here=="number"&&(t.here=e.here),e.left===!0&&(t.left=
!0),e.deleted===!0&&(t.deleted=!0),typeof e.address=="string"&&(t.address=e.address),e.archived===!0&&(t.archived=!0),e.people!==void 0&&(t.people=H(e,"people",
Ue));let o=yr(e);return o&&(t.own=o),t}function ho(n){let e=k(n,"info"),t={name:P(e,"name"),kind:P(e,"kind"),topic:typeof e.topic=="string"?e.topic:"",members:_(
e,"members")};return e.deleted===!0&&(t.deleted=!0),typeof e.address=="string"&&(t.address=e.address),typeof e.description=="string"&&(t.description=e.description),
e.archived===!0&&(t.archived=!0),typeof e.slow=="number"&&(t.slow=e.slow),e.no_preview===!0&&(t.noPreview=!0),t}function nn(n,e){let t=k(n,"message"),o={number:_(
t,"number"),version:e??_(t,"version"),by:P(t,"by"),text:typeof t.text=="string"?t.text:""};return typeof t.key=="string"&&(o.key=t.key),typeof t.at=="number"&&(o.
at=t.at),typeof t.edited=="number"&&(o.edited=t.edited),t.deleted===!0&&(o.deleted=!0),o}function wr(n){let e=k(n,"member"),t={user:P(e,"user"),name:P(e,"name"),
joined:e.joined===!0};return typeof e.role=="string"&&(t.role=e.role),t}function fo(n){let e=k(n,"change"),t={room:P(e,"room"),version:_(e,"version")};return e.
message!==void 0&&(t.message=nn(e.message,t.version)),e.member!==void 0&&(t.member=wr(e.member)),e.members!==void 0&&(t.members=_(e,"members")),e.info!==void 0&&
(t.info=ho(e.info)),t}function oe(n){let e=k(n,"opened"),t={room:P(e,"room"),epoch:P(e,"epoch"),version:_(e,"version"),number:_(e,"number"),reset:e.reset===!0,changes:H(
e,"changes",fo),member:e.member===!0,messages:H(e,"messages",o=>nn(o)),people:H(e,"people",Ue),more:e.more===!0};if(e.info!==void 0&&(t.info=ho(e.info)),t.reset&&
!t.info)throw new V("a reset without info");return t}function vo(n){let e=k(n,"page");return{room:P(e,"room"),version:_(e,"version"),messages:H(e,"messages",t=>nn(
t)),people:H(e,"people",Ue),more:e.more===!0}}function go(n){let e=k(n,"posted");return e.held!==void 0?{held:`${_(e,"held")}`}:{number:_(e,"number"),version:_(
e,"version")}}function st(n){return H(k(n,"people"),"people",Ue)}function bo(n){let e=k(n,"joined");return{room:P(e,"room"),version:_(e,"version")}}function on(n){
let e=k(n,"hello"),t=k(e.server,"server"),o=k(e.limits,"limits"),i=null;if(e.me!==null&&e.me!==void 0){let r=k(e.me,"me");i={user:po(r.user),rooms:H(r,"rooms",ge),
version:_(r,"version"),held:H(r,"held",ko)}}return{epoch:P(e,"epoch"),me:i,server:{rooms:H(t,"rooms",ge),version:_(t,"version")},settings:yo(t.settings??{}),limits:{
text:_(o,"text"),name:_(o,"name"),room:_(o,"room"),frame:_(o,"frame"),behind:_(o,"behind")}}}function yo(n){let e=k(n,"settings");return{createRooms:typeof e.create_rooms==
"string"?e.create_rooms:"",guestsMayNotPost:e.guests_may_not_post===!0,lockdown:typeof e.lockdown=="string"?e.lockdown:""}}function rn(n){let e=k(n,"error"),t={
code:P(e,"code"),message:typeof e.message=="string"?e.message:""};return!t.message&&typeof e.detail=="string"&&(t.message=e.detail),typeof e.field=="string"&&(t.
field=e.field),typeof e.retry_after=="number"&&(t.retryAfter=e.retry_after),typeof e.until=="number"&&(t.until=e.until),typeof e.text=="string"&&(t.text=e.text),
typeof e.version=="number"&&(t.version=e.version),t}function wo(n){let e;try{e=JSON.parse(n)}catch{throw new V("not JSON")}let t=k(e,"frame");if(t.re!==void 0)return t.
error!==void 0?{is:"refusal",re:_(t,"re"),error:rn(t.error)}:{is:"answer",re:_(t,"re"),ok:t.ok};if(t.hello!==void 0)return{is:"hello",hello:on(t.hello)};if(t.reset!==
void 0)return{is:"reset",reset:oe(t.reset)};if(t.me!==void 0)return kr(t);if(t.server!==void 0)return _r(t);if(t.room===void 0)return null;if(t.version!==void 0)
return{is:"change",change:fo(t)};if(t.typing!==void 0)return{is:"typing",room:P(t,"room"),users:H(t,"typing",mo)};if(t.here!==void 0){let o=k(t.here,"here");return{
is:"here",room:P(t,"room"),here:{count:_(o,"count"),people:H(o,"people",Ue)}}}if(t.head!==void 0){let o=k(t.head,"head");return{is:"head",room:P(t,"room"),version:_(
o,"version"),number:_(o,"number")}}return null}function ko(n){let e=k(n,"held"),t={id:`${_(e,"id")}`,key:typeof e.key=="string"?e.key:"",gone:e.gone===!0};return typeof e.
number=="number"&&(t.number=e.number),t}function kr(n){let e=k(n.me,"me"),t={is:"me",version:_(n,"version")};if(e.user!==void 0&&(t.user=po(e.user)),e.room!==void 0&&
(t.room=ge(e.room)),e.held!==void 0&&(t.held=ko(e.held)),e.report!==void 0){let o=k(e.report,"report");t.decided={state:P(o,"state"),note:typeof o.note=="string"?
o.note:""}}return t}function _r(n){let e=k(n.server,"server"),t={is:"server",version:_(n,"version")};return e.room!==void 0&&(t.room=ge(e.room)),e.settings!==void 0&&
(t.settings=yo(e.settings)),t}function _o(n){let e=JSON.parse(n);return{hello:on(e.hello),open:oe(e.open),page:e.page}}function xo(n,e){if((n.messages.at(-1)?.number??0)===n.number)return!0;
let o=new URLSearchParams(e);return!["before","after","at"].some(i=>o.has(i))}function sn(n,e){return`/${encodeURIComponent(n)}/${encodeURIComponent(e)}/`}function Eo(n,e,t){return`${sn(n,e)}?at=${t}#m${t}`}function an(n){let e=/^#m(\d{1,15})$/.
exec(n.hash)?.[1]??new URLSearchParams(n.search).get("at")??"";return/^[1-9]\d{0,14}$/.test(e)?Number(e):void 0}function So(n){let e=/^\/([^/]+)\/[^/]+\/?$/.exec(
n);if(e?.[1])try{return decodeURIComponent(e[1])}catch{return}}var Y=class n{static first=250;static base=500;static soon=1500;static most=15e3;static patience=60;failures=0;random;constructor(e=Math.random){this.random=e}next(){
return this.random()*xr(this.failures++)}later(){this.failures=Math.max(this.failures,n.patience+2)}reset(){this.failures=0}};function xr(n){return n===0?Y.first:
n<Y.patience?Math.min(Y.soon,Y.base*2**(n-1)):Math.min(Y.most,Y.soon*2**Math.min(n-Y.patience+1,16))}var Se={set:(n,e)=>setTimeout(n,e),clear:n=>clearTimeout(n)};var at=class{config;timer;link=null;attempt=0;wait=15e3;constructor(e){this.config=e}begin(){this.stop(),this.timer=this.config.clock.set(()=>this.try(),this.wait*
(.5+this.config.random()/2)),this.wait=Math.min(3e5,this.wait*2)}now(){this.wait=15e3,this.stop(),this.try()}stop(){this.attempt++,this.config.clock.clear(this.
timer),this.link?.close(),this.link=null}try(){let{dial:e,clock:t,through:o}=this.config,i=++this.attempt,r=[],a=null;this.timer=t.set(()=>this.begin(),1e4);let l=e(
{frame:m=>{a?a.frame(m):i===this.attempt&&r.push(m)===1&&(t.clear(this.timer),this.timer=t.set(()=>o({link:l,take:u}),3e3))},down:m=>{a?a.down(m):i===this.attempt&&
(o(null),this.begin())}}),u=m=>{this.attempt++,this.link=null,a=m;for(let d of r)m.frame(d)};this.link=l}};var L=class extends Error{name="Refused";refusal;constructor(e){super(e.message||e.code),this.refusal=e}},Z=class extends Error{name="Lost"},Er=8e3,To=3e3,Sr=5e3,
Tr=1e4,Pr=3e3,Po=25e3,Cr=4001,Rr=[1e3,4e3],Mr=new Set([1002,1003,1007,1009,1011,4008]),Lr=3,Te=2,Or=3,lt=class{config;clock;backoff;asked=new Map;now="waiting";link=null;attempt=0;nextID=1;timer=null;there=!0;failed=!1;blocked=0;young=0;grown;isYoung=!1;worked=!1;tries=0;byHTTP=!1;known=!1;remembered=!1;upgrade;through=null;constructor(e){
this.config=e,this.clock=e.clock??Se,this.backoff=new Y(e.random),this.upgrade=new at({dial:e.socket,clock:this.clock,random:e.random??Math.random,through:t=>{this.
through=t,this.adopt()}}),e.http&&e.memory?.blocked&&(this.blocked=Te,this.byHTTP=this.remembered=!0)}get state(){return this.now}start(){if(this.now!=="waiting")
return;this.enter("connecting");let e=++this.attempt,{http:t,socket:o}=this.config,i=this.byHTTP&&t||o,r=this.worked&&this.tries++<Lr;t&&!this.byHTTP?this.plan(
To,()=>this.hung()):this.plan(r&&!this.byHTTP?To:Er,()=>this.lost(1006)),this.link=i(this.events(e))}events(e){return{frame:t=>e===this.attempt&&this.receive(t),
down:t=>e===this.attempt&&this.lost(t)}}wake(){this.now==="waiting"?this.start():this.now==="online"&&this.ask({do:"ping"},Pr).catch(()=>{})}moved(){this.wake(),
this.now==="online"&&this.byHTTP&&!this.through&&this.upgrade.now()}end(){this.upgrade.stop(),this.drop(),this.enter("ended")}ask(e,t=Tr){let o=this.link;return this.
now!=="online"||!o?Promise.reject(new Z("not connected")):new Promise((i,r)=>{let a=this.nextID++,l=this.clock.set(()=>this.lost(1006),t);this.asked.set(a,{resolve:i,
reject:r,deadline:l}),o.send(a,e)})}receive(e){let t;try{t=wo(e)}catch(o){if(!(o instanceof V))throw o;this.backoff.later(),this.lost(1002);return}t?.is==="hell\
o"&&this.now==="connecting"?this.greeted(t.hello):this.now==="online"&&t?.is==="hello"&&this.config.frame(t),!(this.now!=="online"||t===null||t.is==="hello")&&(this.
plan(Po,()=>{this.ask({do:"ping"}).catch(()=>{})}),t.is==="answer"?this.settle(t.re)?.resolve(t.ok):t.is==="refusal"?this.settle(t.re)?.reject(new L(t.error)):this.
config.frame(t),this.through&&queueMicrotask(()=>this.adopt()))}greeted(e){this.backoff.reset(),this.failed=!1,this.known=this.byHTTP,this.tries=0,this.byHTTP?this.
remembered?this.upgrade.now():this.upgrade.begin():this.grow(),this.remembered=!1,this.config.memory&&(this.config.memory.blocked=this.byHTTP),this.plan(Po,()=>{
this.ask({do:"ping"}).catch(()=>{})}),this.enter("online"),this.config.hello(e)}grow(){this.blocked=0,this.isYoung=!0,this.clock.clear(this.grown),this.grown=this.
clock.set(()=>{this.isYoung=!1,this.young=0,this.worked=!0},Sr)}adopt(){let{through:e}=this;!e||this.asked.size>0||(this.drop(),this.goOn(e))}goOn({link:e,take:t}){
this.byHTTP=!1,this.now="connecting",this.link=e,t(this.events(this.attempt))}settle(e){let t=this.asked.get(e);return t&&this.clock.clear(t.deadline),this.asked.
delete(e),t}hung(){this.worked||(this.blocked=Te),this.lost(1006)}lost(e){let t=this.now==="online",{through:o}=this;if(this.isYoung&&e===1006&&this.config.http&&
++this.young>=Or&&(this.blocked=Te),this.drop(),o){this.goOn(o);return}if(e===Cr){this.enter("ended"),this.seek(Rr);return}Mr.has(e)&&this.backoff.later(),e===1006&&
!t&&!this.byHTTP&&this.there&&this.blocked++,this.byHTTP&&!t&&([this.known,this.blocked]=[!1,Te-1]),this.failed=!t||this.blocked>=Te,this.there=!1,this.byHTTP=this.
known,this.enter("waiting"),this.later()}seek([e,...t]){let{mine:o}=this.config,i=this.attempt;if(!o||e===void 0)return;let r=async()=>{let a=await o();if(!(i!==
this.attempt||this.now!=="ended")){if(!a){this.seek(t);return}this.enter("waiting"),this.start()}};this.plan(e,()=>{r()})}later(){let e=this.attempt;this.plan(this.
backoff.next(),()=>{this.again(e)})}async again(e){let{http:t,answersHTTP:o}=this.config;if(this.failed&&t&&o){let i=await o();if(e!==this.attempt||this.now!=="\
waiting")return;if(!i){this.young=0,this.known||(this.blocked=0),this.later();return}this.there=!0,this.byHTTP=this.blocked>=Te}this.start()}drop(){this.attempt++,
this.clock.clear(this.timer),this.clock.clear(this.grown),this.timer=null,this.isYoung=!1,this.through||this.upgrade.stop(),this.through=null,this.link?.close(),
this.link=null;let e=[...this.asked.keys()];for(let t of e)this.settle(t)?.reject(new Z("the connection was lost"))}plan(e,t){this.clock.clear(this.timer),this.
timer=this.clock.set(t,e)}enter(e){e!==this.now&&(this.now=e,this.config.state(e))}};var Pe="draft/",ut=class{keep;watchers=new Set;constructor(e){this.keep=e,e.watch((t,o,i)=>{if(t.startsWith(Pe))for(let r of this.watchers)r(t.slice(Pe.length),
o??"",i)})}get(e){return this.keep.get(Pe+e)??""}add(e,t){t!==""&&this.set(e,Co(this.get(e),t))}set(e,t){t===""?this.keep.remove(Pe+e):this.keep.set(Pe+e,t)}watch(e){
return this.watchers.add(e),()=>{this.watchers.delete(e)}}};function Co(n,e){return n===""||n.endsWith(e)?n||e:`${n}
${e}`}function Ro(n,e,t){return n.startsWith(Pe)?Co(e,t):t}function Mo(n){return ge(k(n,"created").room)}function Lo(n){let e=k(n,"members");return{members:H(e,"members",t=>Ar(t)),more:e.more===!0}}function Ar(n){let e=k(
n,"member"),t={user:P(e,"user"),name:P(e,"name")};return typeof e.role=="string"&&(t.role=e.role),t}function Oo(n){return H(k(n,"unread"),"rooms",ge)}function Ao(n){
let e=k(n,"marked");return{read:_(e,"read"),unread:_(e,"unread"),mentions:_(e,"mentions")}}var Ir=100,dt=class{ask;api;constructor(e,t){this.ask=e,this.api=t}async create(e){return Mo(await this.ask({do:"create",...e}))}async change(e,t){await this.ask(
{do:"change",room:e,...t})}async drop(e){await this.ask({do:"drop",room:e})}async leave(e){await this.ask({do:"leave",room:e})}async join(e){await this.ask({do:"\
join",room:e})}async notify(e,t){await this.ask({do:"notify",room:e,level:t})}async members(e,t,o=!1){let i={do:"members",room:e,limit:Ir};return t!==void 0&&(i.
after=t),o&&(i.banned=!0),Lo(await this.ask(i))}async add(e,t){await this.ask({do:"add",room:e,users:t})}async remove(e,t,{ban:o,why:i}){await this.ask({do:"rem\
ove",room:e,user:t,ban:o,why:i})}async appoint(e,t,o){await this.ask({do:"member",room:e,user:t,role:o})}async unban(e,t){await this.ask({do:"member",room:e,user:t,
banned:!1})}async mute(e,t,o,i){e===null?await this.call("PATCH",`/users/${t}`,{muted_until:o,why:i}):await this.ask({do:"member",room:e,user:t,muted_until:o,why:i})}async report(e,t,o){
await this.ask({do:"report",room:e,number:t,why:o})}async find(e){return st(await this.ask({do:"find",q:e}))}async profile(e){let t=k(await this.call("GET",`/us\
ers/${e}`),"profile"),o=t.user===void 0?t:k(t.user,"user"),i=a=>typeof o[a]=="string"?o[a]:"",r=typeof o.created_at=="number"?o.created_at:0;return{id:P(o,"id"),
name:P(o,"name"),kind:i("kind"),role:i("role"),bio:i("bio"),since:r}}async invite(e){return Io(k(await this.call("POST","/invites",e),"answer").invite)}async invites(e){
return H(k(await this.call("GET",`/invites?room=${encodeURIComponent(e)}`),"answer"),"invites",Io).filter(({open:o})=>o)}async withdraw(e){await this.call("DELE\
TE",`/invites/${encodeURIComponent(e)}`)}async call(e,t,o){let i,r;try{i=await this.api.fetch(e,t,o===void 0?{}:{body:o}),r=i.status===204?{}:await i.json()}catch{
throw new Z("no answer")}if(!i.ok)throw new L(rn(r));return r}};function Io(n){let e=k(n,"invite"),t=a=>typeof e[a]=="number"?e[a]:0,[o,i,r]=[t("expires_at"),t(
"uses"),t("used")];return{id:`${_(e,"id")}`,url:typeof e.url=="string"?e.url:"",expires:o,uses:i,used:r,note:typeof e.note=="string"?e.note:"",open:e.revoked!==
!0&&(o===0||o>Date.now())&&(i===0||r<i)}}var $r="/api/v1";var Ce=class{user;epoch;constructor(e,t){this.user=e,this.epoch=t}fetch(e,t,o={}){return $o(e,t,{...o,headers:{...o.headers,"Parley-User":this.user}})}async mine(){
try{return(await this.fetch("GET","/me",{signal:AbortSignal.timeout(5e3)})).ok}catch{return!1}}async hello(e){let t=await $o("GET","/me",{signal:e});if(!t.ok)throw new Error(
`status ${t.status}`);return t.json()}};function $o(n,e,{body:t,headers:o,signal:i}){let r={method:n,cache:"no-store"};return i&&(r.signal=i),t!==void 0&&(r.body=
JSON.stringify(t)),r.headers=t===void 0?{...o}:{"Content-Type":"application/json",...o},fetch($r+e,r)}async function Do(){try{let n=await fetch("/healthz",{cache:"\
no-store",signal:AbortSignal.timeout(5e3)});return n.ok&&(await n.text()).trim()==="ok"}catch{return!1}}var ct=class{config;marks=new Map;told=new Map;held=new Set;wish=null;busy=!1;constructor(e){this.config=e}enter(e,t){this.held.delete(e),this.marks.set(e,t)}knows(e){
return this.marks.has(e)}holds(e){return this.held.has(e)}seen(e,t){let o=this.marks.get(e);o===void 0||t<=o||this.held.has(e)||this.wish?.room===e&&this.wish.number>=
t||(this.flushOther(e),this.wish={room:e,number:t},this.config.soon(e,t),this.plan())}heard(e,t){let o=this.told.get(e);this.told.set(e,t),!(o===void 0||t>=o)&&
this.marks.has(e)&&this.hold(e)}async unreadFrom(e,t){this.hold(e),await this.config.tell(e,t-1)}hold(e){this.held.add(e),this.wish?.room===e&&(this.wish=null)}flushOther(e){
let{wish:t}=this;!t||t.room===e||(this.wish=null,this.mark(t.room,t.number))}plan(){this.busy||(this.busy=!0,this.config.clock.set(()=>{this.run()},400))}async run(){
let{wish:e}=this;this.wish=null,e&&await this.mark(e.room,e.number),this.busy=!1,this.wish&&this.plan()}async mark(e,t){try{await this.config.tell(e,t),this.marks.
set(e,Math.max(t,this.marks.get(e)??0))}catch{}}};var mt=class{config;changed=new Set;timer;busy=!1;generation=0;constructor(e){this.config=e}note(e){this.changed.add(e),this.busy||this.plan(50)}reset(){this.changed.
clear(),this.config.clock.clear(this.timer),this.busy=!1,this.generation++}plan(e){this.busy=!0,this.timer=this.config.clock.set(()=>{this.run()},e)}async run(){
let e=[...this.changed].slice(0,100);if(e.length===0){this.busy=!1;return}for(let i of e)this.changed.delete(i);let{generation:t}=this,o=1e3;try{await this.config.
ask(e)}catch{if(t!==this.generation)return;for(let i of e)this.changed.add(i);o=5e3}t===this.generation&&this.plan(o)}};var pt=class{unseen=y(0);config;reading;unread;sight=null;constructor(e){this.config=e;let{rooms:t,ask:o,clock:i=Se}=e;this.reading=new ct({clock:i,soon:(r,a)=>t.
owned(new Map([[r,{read:a,unread:0,mentions:0}]])),tell:async(r,a)=>t.owned(new Map([[r,Ao(await o({do:"read",room:r,number:a}))]]))}),this.unread=new mt({clock:i,
ask:async r=>t.counted(Oo(await o({do:"unread",rooms:r})))})}start(){document.addEventListener("visibilitychange",()=>!document.hidden&&this.back()),addEventListener(
"focus",()=>this.back())}back(){this.unseen.value=0,this.consider()}told(e){this.unread.reset();for(let o of e.me?.rooms??[])o.own&&this.reading.heard(o.id,o.own.
read);let t=this.config.current();this.reading.knows(t.id)||this.begin(t),this.consider()}heard({id:e,own:t}){t&&(this.reading.heard(e,t.read),e===this.config.current().
id&&!this.reading.knows(e)&&this.reading.enter(e,t.read),this.consider())}head(e){this.unread.note(e)}enter(e){this.sight=null,this.unseen.value=0,this.begin(e)}begin(e){
let t=this.config.rooms.mine.peek().rooms.find(o=>o.id===e.id)?.own;e.line.value=t&&t.unread>0?{after:t.read,count:t.unread}:null,t&&this.reading.enter(e.id,t.read)}fresh(e,t){
let o=document.hidden||!document.hasFocus();o&&this.unseen.peek()===0&&(e.line.value={after:t-1,count:0}),o&&this.unseen.value++,(document.hidden||e.reading!==void 0||
this.reading.holds(e.id))&&this.unread.note(e.id)}look(e,t){this.sight=t>0?{room:e,number:t}:null,this.consider()}consider(){!this.sight||document.hidden||this.
reading.seen(this.sight.room,this.sight.number)}async unreadFrom(e,t){await this.reading.unreadFrom(e.id,t),e.line.value={after:t-1,count:0}}};var qe=y(""),ht=y(!1),ln;function R(n){clearTimeout(ln),qe.value=n,ln=setTimeout(()=>qe.value="",8e3)}function ft(){clearTimeout(ln),qe.value=""}async function un(n){
try{return await navigator.clipboard.writeText(n),!0}catch{return Dr(n)}}async function Q(n,e){R(await un(n)?e:"This browser does not let pages copy.")}function Dr(n){
let e=document.createElement("textarea");e.value=n,e.className="sr",document.body.append(e),e.select();let t=document.execCommand("copy");return e.remove(),t}function No(){
ht.value=!0,R("This browser keeps nothing here: what is not sent when this page closes is lost.")}var vt=class{editing=y(null);config;constructor(e){this.config=e}edit(e){let t=this.config.me(),o=this.config.room();if(!e&&this.config.busy(o.id))return!1;let i=e??
o.view.peek().messages.findLast(r=>r.by===t);return i?(this.editing.value={number:i.number,version:i.version,text:i.text},!0):!1}async save(e){let t=this.editing.
peek();if(!t)return!0;let{number:o,version:i}=t;try{return e!==t.text&&await this.config.ask({do:"edit",room:this.config.room().id,number:o,version:i,text:e}),this.
editing.value=null,!0}catch(r){if(r instanceof L&&r.refusal.code==="conflict"){let a=r.refusal.text??"";this.editing.value={number:o,version:r.refusal.version??
i,text:a},R(`It was changed meanwhile, to “${Nr(a)}”. Save again to replace that.`)}else R(r instanceof L?r.message:"Not saved: there is no connection. Try \
again.");return!1}}async delete(e){try{await this.config.ask({do:"delete",room:this.config.room().id,number:e}),this.editing.peek()?.number===e&&(this.editing.value=
null)}catch(t){R(t instanceof L?t.message:"Not deleted: there is no connection. Try again.")}}};function Nr(n){let e=n.replace(/\s+/gu," ").trim(),t=Array.from(
e);return t.length>60?`${t.slice(0,59).join("")}…`:e}function Ho(n,e){let{locks:t}=navigator;if(!t||typeof BroadcastChannel>"u")return null;let o=new BroadcastChannel(n);return o.addEventListener("message",i=>e(i.
data)),{say:i=>o.postMessage(i),lock:(i,r,a,l)=>dn(t,i,r,a,l==="steal"),close:()=>o.close()}}function dn(n,e,t,o,i){let r=new AbortController,a,l=!1,u=i?{steal:i}:
{signal:r.signal};return n.request(e,u,()=>{if(!l&&(t(),!l))return new Promise(m=>a=m)}).catch(()=>{l||o?.()}),()=>{l||(l=!0,a?a():r.abort())}}var Uo="0123456789ABCDEFGHJKMNPQRSTVWXYZ",cn=0,mn=0;function gt(n=Date.now()){n>cn?(cn=n,mn=0):mn++;let e=crypto.getRandomValues(new Uint8Array(12)),t="";for(let o of e)
t+=Uo.charAt(o%32);return Fo(cn,10)+Fo(mn,4)+t}function Fo(n,e){let t="";for(let o=0;o<e;o++)t=Uo.charAt(n%32)+t,n=Math.floor(n/32);return t}var bt=class{config;wishes=new Map;at=new Map;behind=new Map;values=new Map;source=null;attempt=0;polling=!1;greeted=!1;proven=!1;gathering;timer;closed=!1;constructor(e){
this.config=e}wish(e,t){this.wishes.has(e)||this.config.whenGone(e,()=>this.forget(e)),this.wishes.set(e,t);let o=this.prune();for(let[i,r]of t){let a=this.at.get(
i);if(a===void 0){if(this.at.size>=100)continue;this.at.set(i,r),o=!0}else if(r<a)this.behind.set(i,Math.min(r,this.behind.get(i)??r)),o=!0;else for(let l of["t\
yping","here"])this.tell(this.values.get(`${l} ${i}`))}o&&this.gather()}forget(e){this.wishes.delete(e),!this.closed&&this.prune()&&this.gather()}close(){this.closed=
!0,this.config.clock.clear(this.gathering),this.stop()}prune(){let e=new Set([...this.wishes.values()].flatMap(o=>o.map(([i])=>i))),t=[...this.at.keys()].filter(
o=>!e.has(o));for(let o of t)this.at.delete(o),this.behind.delete(o),this.values.delete(`typing ${o}`),this.values.delete(`here ${o}`);return t.length>0}gather(){
let{clock:e}=this.config;e.clear(this.gathering),this.gathering=e.set(()=>this.open(),20)}open(){if(this.stop(),this.closed||this.at.size===0)return;for(let[r,a]of this.
behind)this.at.has(r)&&this.at.set(r,a);this.behind.clear();let{manner:e,stream:t,poll:o}=this.config,i=++this.attempt;this.polling||=e.polling,this.greeted=this.
proven=!1,this.expect(this.polling?4e4:1500,()=>this.lost(0)),this.source=(this.polling?o:t)(new Map(this.at),{frame:r=>i===this.attempt&&this.frame(r),pulse:()=>i===
this.attempt&&this.pulse(),down:r=>i===this.attempt&&this.lost(r)})}stop(){this.attempt++,this.config.clock.clear(this.timer),this.source?.close(),this.source=null}expect(e,t){
this.config.clock.clear(this.timer),this.timer=this.config.clock.set(t,e)}pulse(){this.proven=!0,this.config.manner.polling=this.polling,this.expect(4e4,()=>this.
lost(0)),this.config.pulse()}frame(e){let t=Hr(e);if(t===null)return;this.proven?this.expect(4e4,()=>this.lost(0)):this.greeted||this.expect(2500,()=>this.lost(
0)),this.greeted=!0;let{room:o,version:i}=t;if(o!==void 0){let r=this.at.get(o);if(r===void 0)return;i===void 0?this.values.set(`${t.kind} ${o}`,t):(t.kind==="c\
hange"&&(t.after=r),this.at.set(o,Math.max(r,i)))}this.tell(t)}tell(e){e&&this.config.item(e)}lost(e){this.stop(),e===401||e===429?this.config.down(e===429?4008:
1006):this.polling?this.config.down(1006):this.proven?this.gather():(this.polling=!0,this.open())}};function Hr(n){let e=JSON.parse(n);if(typeof e!="object"||e===
null)return null;let t=e.reset;return t?{kind:"reset",data:n,room:t.room,version:t.version}:typeof e.room!="string"||e.head!==void 0?{kind:"other",data:n}:typeof e.
version=="number"?{kind:"change",data:n,room:e.room,version:e.version}:{kind:e.typing?"typing":"here",data:n,room:e.room}}var We=class extends Error{status;constructor(e){super(`status ${e}`),this.status=e}};function qo(n){return(e,t)=>Bo(t,async o=>{let i=new URLSearchParams({at:Wo(
e),epoch:n.epoch}),r=await n.fetch("GET",`/changes?${i}`,{signal:o,headers:{Accept:"text/event-stream"}});if(!r.ok||!r.body)throw new We(r.status);let a=r.body.
pipeThrough(new TextDecoderStream).getReader(),l=new pn;for(;;){let{value:u,done:m}=await a.read();if(m||o.aborted)return;for(let d of l.add(u)){if(o.aborted)return;
d.startsWith("data: ")?t.frame(d.slice(6)):d.startsWith(":")&&t.pulse()}}})}var pn=class{rest="";add(e){let t=(this.rest+e).split(`
`);return this.rest=t.pop()??"",t}};function fn(n,e,t=0){return(o,i)=>Bo(i,async r=>{let a=new hn(o);for(;;){let l=await Fr(n,e,`/changes?${a.query(n.epoch,t>0?
0:25)}`,r);i.pulse();for(let u of a.frames(l))r.aborted||i.frame(JSON.stringify(u));if(r.aborted||(await Ur(e,t>0?t:100,r),r.aborted))return}})}async function Fr(n,e,t,o){
let i=new AbortController,r=()=>i.abort();o.addEventListener("abort",r);let a=e.set(r,25*1e3+1e4);try{let l=await n.fetch("GET",t,{signal:i.signal});if(!l.ok)throw new We(
l.status);return await l.json()}finally{e.clear(a),o.removeEventListener("abort",r)}}var hn=class{at;me=0;server=0;seen="";constructor(e){this.at=new Map(e)}query(e,t){
let{me:o,server:i,seen:r}=this;return new URLSearchParams({at:Wo(this.at),epoch:e,wait:`${t}`,me:`${o}`,server:`${i}`,seen:r})}frames({changes:e,resets:t,hello:o,
values:i,seen:r}){let a=r===this.seen?[]:i??[];this.seen=r??this.seen,o&&([this.me,this.server]=[o.me?.version??0,o.server.version]);for(let l of t)this.at.set(
l.room,l.version);for(let{room:l,version:u}of e)this.at.set(l,Math.max(u,this.at.get(l)??0));return[...o?[{hello:o}]:[],...t.map(l=>({reset:l})),...e,...a]}};function Wo(n){
return[...n].map(([e,t])=>`${e}:${t}`).join(",")}function Bo(n,e){let t=new AbortController,o=i=>{t.signal.aborted||(t.abort(),n.down(i instanceof We?i.status:0))};
return e(t.signal).then(()=>o(),o),{close:()=>t.abort()}}function Ur(n,e,t){return new Promise(o=>{let i=n.set(r,e);t.addEventListener("abort",r);function r(){n.
clear(i),t.removeEventListener("abort",r),o()}})}var qr=6e4,Wr=1e3,vn=class{config;tab=gt();rooms=new Map;missing=new Set;exchange;lead=null;known=!1;locks=[];withdraw;deaf;closed=!1;constructor(e){if(this.config=
e,this.exchange=e.exchange(e.name,t=>this.hear(t)),!this.exchange){this.takeLead();return}this.locks.push(this.exchange.lock(this.lockOf(this.tab),()=>this.announce(
this.known=!0))),this.stand()}follow(e,t){this.rooms.set(e,t),this.missing.delete(e),this.announce()}leave(e){this.rooms.delete(e)&&this.announce()}check(){this.
announce()}close(){if(!this.closed){this.closed=!0,this.config.clock.clear(this.deaf),this.exchange?.say({is:"bye",tab:this.tab}),this.lead?.close(),this.lead=null,
this.withdraw?.();for(let e of this.locks)e();this.exchange?.close()}}lockOf(e){return`${this.config.name}/${e}`}stand(e){let t=()=>{this.lead?.close(),this.lead=
null,!this.closed&&(this.stand(),this.announce())};this.withdraw=this.exchange?.lock(this.config.name,()=>this.takeLead(),t,e)}takeLead(){if(this.closed)return;
let{clock:e,stream:t,poll:o,glance:i,manner:r}=this.config;this.config.clock.clear(this.deaf),this.lead=new bt({stream:this.exchange?t:i,poll:this.exchange?o:i,
manner:r,clock:e,item:a=>{this.exchange?.say({is:"item",item:a}),this.take(a)},pulse:()=>this.exchange?.say({is:"pulse",polling:r.polling}),down:a=>{this.exchange?.
say({is:"down",code:a}),this.fail(a)},whenGone:(a,l)=>this.watch(a,l)}),this.exchange?.say({is:"lead",polling:r.polling}),this.announce()}watch(e,t){if(!this.exchange||
e===this.tab)return;let o=this.exchange.lock(this.lockOf(e),()=>{queueMicrotask(()=>o()),t()});this.locks.push(o)}announce(e=this.known){if(this.closed)return;let t=[
...this.rooms];this.lead?this.lead.wish(this.tab,t):e&&this.exchange?.say({is:"wish",tab:this.tab,rooms:t}),this.listen()}hear(e){if(!this.closed){switch(e.is){case"\
wish":this.lead?.wish(e.tab,e.rooms);return;case"bye":this.lead?.forget(e.tab);return;case"item":this.take(e.item);break;case"down":this.fail(e.code);return;case"\
lead":this.announce();break;default:}e.is!=="item"&&(this.config.manner.polling=e.polling),this.listen()}}take({data:e,room:t,version:o,after:i}){if(!this.closed){
if(t!==void 0){let r=this.rooms.get(t);if(r===void 0||o!==void 0&&o<=r)return;if(i!==void 0&&i>r){this.missing.has(t)||this.announce(),this.missing.add(t);return}
this.missing.delete(t),o!==void 0&&this.rooms.set(t,o)}this.config.frame(e)}}listen(){let{clock:e}=this.config;e.clear(this.deaf),!(this.lead||this.closed||this.
rooms.size===0)&&(this.deaf=e.set(()=>{this.withdraw?.(),this.stand("steal")},qr))}fail(e){this.closed||(this.close(),this.config.down(e))}};function jo(n,e,t,o,i){
return new vn({name:`parley/feed/${n.epoch}/${n.user}`,exchange:(r,a)=>Ho(r,l=>a(l)),stream:qo(n),poll:fn(n,t),glance:fn(n,t,Wr),manner:e,clock:t,frame:o,down:i})}var Ko=1006;function Go(n){let e=new URLSearchParams;for(let[t,o]of Object.entries(n))o!==void 0&&e.set(t,`${o}`);return e}function Vo({user:n,epoch:e,clock:t=Se,
feed:o=jo}){let i=new Ce(n,e),r={polling:!1};return a=>new gn(i,a,(l,u)=>o(i,r,t,l,u))}var gn=class{api;events;feed;stop=new AbortController;early=[];constructor(e,t,o){
this.api=e,this.events=t,this.feed=o(i=>this.early?this.early.push(i):t.frame(i),i=>this.down(i)),this.greet()}send(e,t){this.answer(e,t)}close(){this.stop.abort(),
this.feed.close()}async greet(){try{this.emit({hello:await this.api.hello(this.stop.signal)})}catch{this.down(Ko);return}let e=this.early??[];this.early=null;for(let t of e)
this.stop.signal.aborted||this.events.frame(t)}async answer(e,t){try{let o=await this.ask(t);if(o?.status===401)throw new Error("this browser is somebody else n\
ow, or nobody");let i=o===null?{}:await o.json();if(o&&!o.ok){this.emit({re:e,error:i});return}this.emit({re:e,ok:i}),t.do==="open"&&this.follow(i)}catch{this.down(
Ko)}}follow(e){if(this.stop.signal.aborted)return;let{room:t,version:o}=oe(e);this.feed.follow(t,o)}async ask(e){let t="room"in e?`/rooms/${encodeURIComponent(e.
room)}`:"";switch(e.do){case"open":{let{at:o,limit:i,around:r}=e;return this.get(t,{version:o?.version,epoch:o?.epoch,limit:i,around:r})}case"history":return this.
get(`${t}/messages`,{before:e.before,after:e.after,limit:e.limit});case"people":return this.get("/people",{ids:e.users.join(",")});case"post":return this.fetch(
"POST",`${t}/messages`,{text:e.text},{"Idempotency-Key":e.key});case"edit":return this.fetch("PATCH",`${t}/messages/${e.number}`,{text:e.text,version:e.version});case"\
delete":return this.fetch("DELETE",`${t}/messages/${e.number}`);case"typing":return this.fetch("POST",`${t}/typing`,{on:e.on});case"join":case"leave":return this.
fetch("POST",`${t}/${e.do}`);case"ping":return this.feed.check(),this.fetch("GET","/me");case"close":return this.feed.leave(e.room),null;default:return this.act(
e,t)}}act(e,t){switch(e.do){case"create":{let{do:o,...i}=e;return this.fetch("POST","/rooms",i)}case"change":{let{do:o,room:i,...r}=e;return this.fetch("PATCH",
t,r)}case"drop":return this.fetch("DELETE",t);case"add":return this.fetch("POST",`${t}/members`,{users:e.users});case"remove":return this.fetch("DELETE",`${t}/m\
embers/${e.user}?${Go({ban:e.ban||void 0,why:e.why||void 0})}`);case"member":{let{do:o,room:i,user:r,...a}=e;return this.fetch("PATCH",`${t}/members/${r}`,a)}case"\
members":return this.get(`${t}/members`,{after:e.after,banned:e.banned,limit:e.limit});case"find":return this.get("/people",{q:e.q});case"read":return this.fetch(
"POST",`${t}/read`,{number:e.number});case"notify":return this.fetch("POST",`${t}/notify`,{level:e.level});case"unread":return this.get("/unread",{rooms:e.rooms.
join(",")});case"report":return this.fetch("POST",`${t}/messages/${e.number}/report`,{why:e.why});default:return e}}get(e,t){return this.fetch("GET",`${e}?${Go(
t)}`)}fetch(e,t,o,i={}){return this.api.fetch(e,t,{body:o,headers:i,signal:this.stop.signal})}emit(e){this.stop.signal.aborted||this.events.frame(JSON.stringify(
e))}down(e){this.stop.signal.aborted||(this.close(),this.events.down(e))}};function Jo(n){return e=>{let t=new WebSocket(n),o=new AbortController,i={signal:o.signal};return t.addEventListener("message",r=>typeof r.data=="string"&&e.frame(
r.data),i),t.addEventListener("close",r=>{o.abort(),e.down(r.code)},i),{send(r,a){t.readyState===WebSocket.OPEN&&t.send(JSON.stringify({id:r,...a}))},close(){o.
abort(),t.close()}}}}var bn="parley/blocked";function zo(){return{get blocked(){try{return Date.now()-Number(localStorage.getItem(bn)??0)<36e5}catch{return!1}},set blocked(n){try{n?localStorage.setItem(bn,
`${Date.now()}`):localStorage.removeItem(bn)}catch{}}}}function Yo(n){let e=!1,t=0,o,i=()=>{cancelAnimationFrame(t),clearTimeout(o),e=!1,n()};return()=>{e||(e=!0,t=requestAnimationFrame(i),o=setTimeout(i,100))}}var yt=class{id;me;epoch="";version=0;number=0;low=1;high=0;info={name:"",kind:"public",topic:"",members:0};infoVersion=0;membersVersion=0;member=!1;memberVersion=0;held=new Map;covered=[];strays=null;asking=0;generation=0;shown=null;constructor(e,t,o=!0){
this.id=e.room,this.me=t,this.reset(e,o)}get position(){return{epoch:this.epoch,version:this.version}}get view(){return this.shown??={id:this.id,info:this.info,
member:this.member,version:this.version,newest:this.number,messages:[...this.held.values()].filter(e=>!e.deleted).toSorted((e,t)=>e.number-t.number),earlier:this.
low>1,later:this.high<this.number},this.shown}reset(e,t=!0){this.epoch=e.epoch,this.version=e.version,this.number=e.number,this.info=e.info??this.info,this.infoVersion=
e.version,this.membersVersion=e.version,this.member=e.member,this.memberVersion=e.version,this.held.clear();for(let r of e.messages)this.held.set(r.number,r);let o=e.
messages[0],i=e.messages.at(-1);this.low=e.more&&o?o.number:1,this.high=t||!i?e.number:i.number,this.covered=[{low:this.low,high:this.high,version:e.version}],this.
strays=null,this.asking=0,this.generation++,this.shown=null}take(e,t=!0){if(e.reset){this.reset(e,t);return}for(let o of e.changes)this.apply(o);this.version=Math.
max(this.version,e.version),this.reach(e.number),this.shown=null}apply(e){let t=e.message!==void 0&&!e.message.deleted&&e.message.number>this.number;if(e.message&&
this.put(e.message),e.info&&e.version>this.infoVersion){let o=e.version>this.membersVersion;this.info=o?e.info:{...e.info,members:this.info.members},this.infoVersion=
e.version,o&&(this.membersVersion=e.version)}return e.members!==void 0&&e.version>this.membersVersion&&(this.info={...this.info,members:e.members},this.membersVersion=
e.version),e.member?.user===this.me&&e.version>this.memberVersion&&(this.member=e.member.joined,this.memberVersion=e.version),this.version=Math.max(this.version,
e.version),this.shown=null,t}ask(){return this.asking++,this.strays??=new Map,this.generation}addPage(e,t,o,i){if(e!==this.generation)return!1;let r=i!==null&&o===
(t==="before"?this.low:this.high);if(r){for(let m of i.messages)this.keepNewer(m);let{low:a,high:l}=this;t==="before"?this.low=i.more?i.messages[0]?.number??1:1:
this.extendTo(i);let u=t==="before"?{low:this.low,high:a-1}:{low:l+1,high:i.messages.at(-1)?.number??l};this.covered.push({...u,version:i.version});for(let m of this.
strays?.values()??[])this.inside(m.number)&&this.keepNewer(m);this.shown=null}return--this.asking===0&&(this.strays=null),r}edge(e){return e==="before"?this.low:
this.high}trim(e,t=400){let o=this.view.messages,i=0,r=o.length;for(;r-i>t;){let u=o[i],m=o[r-1];if(!u||!m)break;e-u.number>m.number-e?i++:r--}let a=o[i],l=o[r-
1];if(!a||!l||r-i===o.length)return!1;i>0&&(this.low=a.number),r<o.length&&(this.high=l.number);for(let u of this.held.keys())this.inside(u)||this.held.delete(u);
return this.covered=this.covered.map(u=>({low:Math.max(u.low,this.low),high:Math.min(u.high,this.high),version:u.version})).filter(u=>u.low<=u.high),this.shown=
null,!0}inside(e){return e>=this.low&&e<=this.high}extendTo(e){let t=e.messages.at(-1)?.number??this.high;if(e.more){this.high=t;return}this.number=Math.max(this.
number,t),this.high=this.number}reach(e){e<=this.number||(this.high>=this.number&&(this.high=e),this.number=e)}put(e){this.reach(e.number),this.inside(e.number)?
this.keepNewer(e):this.strays&&e.version>(this.strays.get(e.number)?.version??0)&&this.strays.set(e.number,e)}keepNewer(e){let t=this.held.get(e.number);(t?t.version>=
e.version:this.leftOut(e))||this.held.set(e.number,e)}leftOut(e){return this.covered.some(t=>e.number>=t.low&&e.number<=t.high&&e.version<=t.version)}};var wt=50,kt=class{id;view;typing=y([]);here=y(null);gone=y("");why=y("");line=y(null);target=y(null);reading;config;room;publish;arrived=new Set;loading=new Set;constructor(e,t,o){
this.id=e.room,this.config=o,this.room=new yt(e,o.me,t),this.view=y(this.room.view),this.publish=Yo(()=>this.show()),o.learn(e.people),this.gone.value=e.info?.deleted===
!0?"deleted":""}async resume(){let e={do:"open",room:this.id,limit:wt};this.gone.peek()===""&&(e.at=this.room.position),this.reading!==void 0&&(e.around=this.reading),
await this.open(e)}async jump(e){if(e==="newest"?!this.room.view.later:this.holds(e)){this.target.value=e;return}let t={do:"open",room:this.id,limit:wt};e!=="ne\
west"&&(t.around=e),await this.open(t)&&(this.target.value=e)}async open(e){try{return this.take(oe(await this.config.ask(e)),e.around===void 0),!0}catch(t){let o=t instanceof
L?t.refusal.code:"";return this.why.value=t instanceof L&&o==="forbidden"?t.refusal.message:"",o==="forbidden"||o==="not_found"&&this.room.view.info.kind!=="pub\
lic"?this.end("removed"):o==="not_found"&&this.end("deleted"),!1}}end(e){this.gone.value=e,this.disconnected()}take(e,t=!0){this.config.learn(e.people);for(let o of e.
changes)this.noteMessage(o);for(let o of e.messages)o.key!==void 0&&o.by===this.config.me&&this.arrived.add(o.key);this.room.take(e,t),e.reset?(t&&(this.reading=
void 0),t&&this.target.peek()===null&&(this.target.value="newest")):e.changes.length>0&&this.reading===void 0&&!this.room.view.later&&this.room.trim(this.room.view.
newest,wt),this.gone.value=e.info?.deleted===!0?"deleted":"",this.show()}show(){ue(()=>{this.view.value=this.room.view;for(let e of this.arrived)this.config.seen(
e);this.arrived.clear()})}apply(e){let t=this.room.apply(e);this.noteMessage(e),t&&e.message&&e.message.by!==this.config.me&&this.config.fresh(this,e.message.number),
e.member&&this.config.learn([{id:e.member.user,name:e.member.name}]),e.info?.deleted&&this.end("deleted"),this.publish()}noteMessage({message:e}){e&&(e.key!==void 0&&
e.by===this.config.me&&this.arrived.add(e.key),this.typing.peek().includes(e.by)&&(this.typing.value=this.typing.peek().filter(t=>t!==e.by)))}holds(e){return this.
room.view.messages.some(t=>t.number===e)}async load(e){if(!(e==="before"?this.room.view.earlier:this.room.view.later)||this.loading.has(e))return;this.loading.add(
e);let o=this.room.edge(e),i=this.room.ask();try{let r={do:"history",room:this.id,limit:wt};r[e]=o;let a=vo(await this.config.ask(r));this.config.learn(a.people),
this.room.addPage(i,e,o,a)}catch{this.room.addPage(i,e,o,null)}finally{this.loading.delete(e)}this.show()}trim(e){this.room.trim(e)&&this.show()}disconnected(){
this.typing.value=[],this.here.value=null}};var Br=5e3,jr=2e3,Kr=3e4,Gr=new Set(["unavailable","internal","rate_limited","unauthenticated"]),Zo="epoch",be="outbox/";function ye({trouble:n}){return n!==void 0&&
(!n.retry||n.code===Zo)}var xt=class{config;entries=new Map;sending=new Set;pauses=new Map;failures=new Map;overdue=new Map;urged=new Set;online=!1;shown=null;constructor(e){
this.config=e;let{keep:t,turn:o}=e;for(let i of t.keys(be))this.read(i,t.get(i));t.watch((i,r)=>{i.startsWith(be)&&(this.read(i,r),this.publish(),this.pumpAll())}),
o.watch(()=>this.pumpAll())}list(){return this.shown??=[...this.entries.values()].toSorted((e,t)=>e.key<t.key?-1:1),this.shown}add(e,t,o){let i=(this.config.now??
Date.now)(),r={key:gt(i),room:e,...o!==void 0&&{name:o},text:t,at:i,epoch:this.config.epoch};return this.store(r),this.config.turn.seize(),this.pump(e),this.publish(),
r}retry(e){let t=this.entries.get(e);!t||t.sent||t.held||t.trouble?.retry===!1||(ye(t)?this.store({..._t(t),epoch:this.config.epoch}):this.entries.set(e,_t(t)),
this.stopOverdue(e),this.config.turn.seize(),this.resume(t.room),this.publish())}discard(e){let t=this.entries.get(e);if(t)return this.forget(e),ye(t)||this.resume(
t.room),this.publish(),t}seen(e){let t=this.entries.get(e);t&&(this.forget(e),this.publish(),this.pump(t.room))}connected(){this.online=!0,this.failures.clear(),
this.sending.clear();for(let{timer:e}of this.pauses.values())this.config.clock.clear(e);this.pauses.clear(),this.config.turn.want(!0),this.pumpAll()}disconnected(){
this.online=!1,this.config.turn.want(!1)}settle(e){for(let t of this.list())t.room===e&&t.sent&&this.forget(t.key);this.publish()}decided({key:e,gone:t,number:o}){
let i=this.entries.get(e);!i?.held||!t||(o===void 0?this.refuse(i,"The moderators did not let it through."):this.acknowledged(e,o),this.publish())}waiting(e){let t=new Set(
e.map(({key:i})=>i)),o=this.list().filter(i=>i.held&&!i.trouble&&!t.has(i.key));for(let i of o)this.refuse(i,"The moderators have decided about it meanwhile.");
o.length>0&&this.publish()}refuse(e,t){this.store({...e,trouble:{code:"declined",message:t,retry:!1}})}atRisk(){return this.list().some(e=>!e.sent&&!e.held&&this.
config.keep.place(be+e.key)==="memory")}pausedUntil(e){return this.pauses.get(e)?.until??0}pumpAll(){for(let e of new Set(this.list().map(t=>t.room)))this.pump(
e)}resume(e){let t=this.pauses.get(e);t&&this.config.clock.clear(t.timer),this.pauses.delete(e),this.pump(e)}pump(e){let t=this.list().filter(i=>i.room===e&&!i.
sent&&!i.held&&!ye(i));for(let i of t)this.watchOverdue(i);let[o]=t;!o||!this.online||this.sending.has(e)||this.pauses.has(e)||(this.config.turn.held||this.config.
keep.place(be+o.key)!=="device")&&this.post(o)}async post(e){let{key:t,room:o}=e;this.sending.add(o);let i=await this.config.send(e).catch(r=>({error:r}));if(this.
sending.delete(o),"error"in i){if(i.error instanceof Z)return;this.refused(t,o,i.error)}else this.failures.delete(o),"held"in i?this.waits(t,i.held):this.acknowledged(
t,i.number);this.publish(),this.pump(o)}acknowledged(e,t){let o=this.entries.get(e);this.forget(e),!(!o||!this.config.follows(o.room))&&this.entries.set(e,{..._t(
o),sent:!0,...t!==void 0&&{number:t}})}waits(e,t){let o=this.entries.get(e);o&&this.store({..._t(o),held:t})}refused(e,t,o){let i=this.entries.get(e);if(!i)return;
this.stopOverdue(e);let r=o instanceof L?o.refusal:{code:"internal",message:"Something went wrong."},a={code:r.code,message:r.message,retry:Gr.has(r.code)};if(!a.
retry){this.failures.delete(t),this.store({...i,trouble:a});return}let l=this.failures.get(t)??0;this.failures.set(t,l+1);let u=a.code!=="rate_limited"||l>0||i.
trouble!==void 0;u&&this.entries.set(e,{...i,trouble:a}),this.pause(t,u,r.retryAfter,l)}pause(e,t,o,i){let{clock:r,random:a=Math.random}=this.config,l=Math.min(
Kr,jr*2**i)*(.5+a()/2),u=o===void 0?l:o*1e3,m=(this.config.now??Date.now)()+u;this.pauses.set(e,{timer:r.set(()=>this.resume(e),u),told:t,until:m})}watchOverdue(e){
this.overdue.has(e.key)||e.trouble||this.overdue.set(e.key,this.config.clock.set(()=>this.late(e.key),Br))}late(e){this.overdue.delete(e);let t=this.entries.get(
e);if(!t||t.trouble||t.sent||t.held)return;let{turn:o}=this.config,i=this.online&&!o.held&&!this.urged.has(e);if(i&&(this.urged.add(e),o.seize()),i||this.pauses.
get(t.room)?.told===!1){this.watchOverdue(t);return}this.entries.set(e,{...t,trouble:{code:"network",message:"There is no connection.",retry:!0}}),this.publish()}stopOverdue(e){
this.config.clock.clear(this.overdue.get(e)),this.overdue.delete(e),this.urged.delete(e)}store(e){this.stopOverdue(e.key),this.entries.set(e.key,e),this.shown=null,
this.config.keep.set(be+e.key,JSON.stringify(e))}forget(e){this.stopOverdue(e),this.entries.delete(e),this.shown=null,this.config.keep.remove(be+e)}read(e,t){let o=e.
slice(be.length),i=this.entries.get(o),r=t===null?null:Vr(t);this.shown=null,i?.sent?r&&this.config.keep.remove(e):r?.key===o?(r.trouble&&this.stopOverdue(o),this.
entries.set(o,this.aged(r))):i&&!ye(i)?this.acknowledged(o):(this.stopOverdue(o),this.entries.delete(o))}aged(e){return e.epoch===this.config.epoch||e.trouble?e:
{...e,trouble:{code:Zo,message:"It was written before the server was set up anew.",retry:!0}}}publish(){this.shown=null,this.config.changed()}};function _t(n){let{
trouble:e,held:t,...o}=n;return o}function Vr(n){try{let e=JSON.parse(n);return[e.key,e.room,e.text,e.epoch].some(o=>typeof o!="string")||typeof e.at!="number"?
null:e}catch{return null}}var Jr=200,Et=class{names=y(new Map);missing=new Set;ask;asking=!1;constructor(e){this.ask=e}learn(e){let t=this.names.peek(),o=e.filter(r=>t.get(r.id)!==r.name);
if(o.length===0)return;let i=new Map(t);for(let r of o)i.set(r.id,r.name);this.names.value=i}name(e){let t=this.names.value.get(e);return t!==void 0?t:(this.missing.
add(e),this.asking||(this.asking=!0,setTimeout(()=>{this.fetch()},50)),"…")}async fetch(){let e=[...this.missing].slice(0,Jr);this.missing.clear();try{this.learn(
await this.ask(e))}catch{}finally{this.asking=!1}}};function yn(n,e,t){if(e<=n.version)return n;if(!t)return{...n,version:e};let o=t.left===!0||t.deleted===!0,i=n.rooms.findIndex(l=>l.id===t.id),r=n.rooms[i],a=[...n.
rooms];return!r&&!o?a.push(t):r&&a.splice(i,1,...o?[]:[zr(r,t)]),{version:e,rooms:a}}function zr(n,e){let t={...e};return!e.own&&n.own&&(t.own=n.own),e.here===void 0&&
n.here!==void 0&&(t.here=n.here),!e.people&&n.people&&(t.people=n.people),t}function Xo(n,e){let t=!1,o=n.rooms.map(i=>{let r=e.get(i.id);if(!r)return i;let a={
read:0,unread:0,mentions:0,notify:"",...i.own,...r};return i.own&&Yr(i.own,a)?i:(t=!0,{...i,own:a})});return t?{...n,rooms:o}:n}function Qo(n,e){let t=new Map(e.
flatMap(i=>i.people?[[i.id,i.people]]:[]));if(t.size===0)return n;let o=n.rooms.map(i=>{let r=t.get(i.id);return r?Object.assign({},i,{people:r}):i});return{...n,
rooms:o}}function Yr(n,e){return["read","unread","mentions","notify","role","mutedUntil"].every(o=>n[o]===e[o])}function we(n){return n.kind==="public"?n.name:n.address??n.name}function St(n,e){if(n.kind!=="direct")return n.name;let t=wn(n,e).map(({name:o})=>o);return t.length>
0?t.join(", "):"Only you"}function wn(n,e){return(n.people??[]).filter(({id:t})=>t!==e)}function Re(n){return n>99?"99+":`${n}`}var Tt=class{mine;open;settings;others=z(()=>{let e=new Set(this.mine.value.rooms.map(t=>t.id));return this.open.value.rooms.filter(t=>!e.has(t.id))});constructor(e){
this.mine=y({version:e.me?.version??0,rooms:e.me?.rooms??[]}),this.open=y(e.server),this.settings=y(e.settings)}told(e){ue(()=>{this.mine.value={version:e.me?.version??
0,rooms:e.me?.rooms??[]},this.open.value=e.server,this.settings.value=e.settings})}changed(e,t){this.mine.value=yn(this.mine.peek(),e,t)}listed(e,t,o){let i=e>this.
open.peek().version;this.open.value=yn(this.open.peek(),e,t),o&&i&&(this.settings.value=o)}counted(e){ue(()=>{this.owned(new Map(e.flatMap(t=>t.own?[[t.id,t.own]]:
[]))),this.mine.value=Qo(this.mine.peek(),e)})}owned(e){this.mine.value=Xo(this.mine.peek(),e)}mineOf(e){return this.mine.value.rooms.find(t=>t.id===e)}at(e){return[
...this.mine.peek().rooms,...this.open.peek().rooms].find(t=>we(t)===e)}};var Zr=new Set(["moderator","administrator","owner"]),kn=2**52;function Me(n){return Zr.has(n.role??"")}function ie(n){return(n.kind??"guest")==="guest"}function K({
me:n,info:e,member:t,own:o}){return e.kind==="direct"?!1:t&&o?.role==="moderator"?!0:Me(n)&&(t||e.kind==="public")}function Be(n){let{me:e,info:t,member:o}=n;return t.
kind!=="direct"&&o&&!ie(e)&&!t.archived&&_n(n,Date.now())===null}function _n(n,e){let{me:t,info:o,member:i,own:r,settings:a}=n;if(o.archived)return{why:"archive\
d"};if(K(n)||Me(t))return null;let l=Math.max(t.mutedUntil??0,r?.mutedUntil??0);return l>e?l>=kn?{why:"muted"}:{why:"muted",until:l}:a.lockdown==="read_only"?{why:"\
read-only"}:ie(t)&&(a.lockdown==="members_only"||a.guestsMayNotPost&&!i&&o.kind==="public")?{why:"members-only"}:null}function ei(n,e){let t=["","member","moder\
ator","administrator","owner"].indexOf(n.role??"")||(ie(n)?0:1),o={"":0,members:1,moderators:2,administrators:3}[e.createRooms]??0;return{public:t>=o,private:!ie(
n)}}var Xr=new Intl.Collator("en",{numeric:!0,sensitivity:"base"});function Pt({me:n,mine:e,others:t,current:o,all:i}){let r={mine:[],people:[],others:[],hidden:[],
archived:[],more:0},a=(l,u,m)=>{m===null||l.room.id===o||l.mentioned?u.push(l):i?m.push(l):r.more++};for(let l of e){let u=l.kind==="direct"?r.people:r.mine;a(ti(
l,n),u,Qr(l,r))}for(let l of t)a(ti(l,n),r.others,l.archived?r.archived:null);for(let l of[r.mine,r.people,r.hidden,r.archived])l.sort((u,m)=>Xr.compare(u.title,
m.title));return r}function Qr(n,{hidden:e,archived:t}){return n.own?.notify==="hidden"?e:n.archived?t:null}function ti(n,e){let{unread:t=0,mentions:o=0,notify:i=""}=n.
own??{},r=o>0&&i!=="nothing",a=r?o:i===""?t:0;return{room:n,title:St(n,e),bold:a>0,count:a,mentioned:r}}var Ct=class{held=!1;name;locks;begun=()=>{};wanted=!1;release=()=>{};constructor(e,t){this.name=e,this.locks=t}watch(e){this.begun=e}want(e){e!==this.wanted&&(this.
wanted=e,e?this.ask(!1):this.stop())}seize(){this.wanted&&!this.held&&this.ask(!0)}ask(e){this.stop(),this.locks?this.release=dn(this.locks,this.name,()=>this.begin(),
()=>this.lost(),e):this.begin()}begin(){this.held=!0,this.begun()}lost(){this.held||(this.locks=void 0),this.ask(!1)}stop(){this.held=!1,this.release(),this.release=
()=>{}}};var es=8,ts=400,ns=3e3,os="There is no connection just now. The room opens when it is back.",Rt=class{me;rooms;limits;room;acts;editor;attention;dialog=y(null);people;drafts;entries=y(
[]);trouble=y("");failed=z(()=>new Set(this.entries.value.filter(ye).map(e=>e.room)));news=z(()=>{let e=this.room.value.id,t=Pt({me:this.me.value.id,mine:this.rooms.
mine.value.rooms,others:[],current:e,all:!1});return[...t.mine,...t.people].some(o=>o.bold&&o.room.id!==e)});stranded=z(()=>{let e=new Set([...this.rooms.mine.value.
rooms,...this.rooms.open.value.rooms].map(({id:t})=>t));return this.room.value.gone.value===""&&e.add(this.room.value.id),this.entries.value.filter(t=>ye(t)&&!e.
has(t.room))});place=z(()=>{let{id:e,view:t}=this.room.value,o=this.rooms.mineOf(e);return{me:this.me.value,info:t.value.info,member:o!==void 0||t.value.member,
own:o?.own,settings:this.rooms.settings.value}});conn;outbox;epoch;held=new Map;goal;typedAt=0;online=!1;waiting=[];quiet;wanted=0;postponed;constructor(e,t){let{
hello:o,open:i,page:r}=e,a=o.me?.user??{id:"",name:r.username};this.epoch=o.epoch,this.me=y(a),this.rooms=new Tt(o),this.limits=y(o.limits);let l=p=>this.conn.ask(
p);this.people=new Et(async p=>st(await l({do:"people",users:p})));let u=new Ce(a.id,o.epoch);this.acts=new dt(l,u),this.editor=new vt({me:()=>this.me.peek().id,
room:()=>this.room.peek(),ask:l,busy:p=>this.entries.peek().some(h=>h.room===p&&!h.trouble&&!h.held)}),this.attention=new pt({rooms:this.rooms,ask:l,current:()=>this.
room.peek()}),this.people.learn([a]),this.drafts=new ut(t),this.conn=new lt({socket:Jo(`${location.protocol==="https:"?"wss":"ws"}://${location.host}/ws`),http:Vo(
{user:a.id,epoch:o.epoch}),answersHTTP:Do,memory:zo(),mine:()=>u.mine(),hello:p=>this.greeted(p),frame:p=>this.receive(p),state:p=>this.changed(p)}),this.outbox=
new xt({keep:t,turn:new Ct(`parley/outbox/${a.id}`,navigator.locks),epoch:o.epoch,send:p=>this.post(p),follows:p=>this.room.peek().id===p,changed:()=>this.entries.
value=this.outbox.list(),clock:{set:(p,h)=>setTimeout(p,h),clear:p=>clearTimeout(p)}}),this.entries.value=this.outbox.list();let m=this.hold(i,xo(i,location.search));
this.goal=an(location);let d=i.messages.some(p=>p.number===this.goal);m.target.value=d&&this.goal!==void 0?this.goal:"newest",this.room=y(m),this.attention.enter(
m)}start(){addEventListener("online",()=>this.conn.moved()),addEventListener("offline",()=>this.conn.wake()),addEventListener("pageshow",e=>e.persisted&&this.conn.
wake()),document.addEventListener("visibilitychange",()=>!document.hidden&&this.conn.wake()),this.attention.start(),addEventListener("popstate",()=>this.followAddress()),
addEventListener("hashchange",()=>this.followAddress()),addEventListener("beforeunload",e=>this.outbox.atRisk()&&e.preventDefault()),this.conn.start()}greeted(e){
if(!this.told(e))return;this.follow(),this.outbox.connected();let{postponed:t}=this;this.postponed=void 0,t?.wanted===this.wanted&&(ft(),t.run())}told(e){return e.
me===null?(this.conn.end(),!1):e.me.user.id!==this.me.peek().id||e.epoch!==this.epoch?(this.conn.end(),location.reload(),!1):(this.renamed(e.me.user),this.rooms.
told(e),this.attention.told(e),this.limits.value=e.limits,this.outbox.waiting(e.me.held),!0)}async follow(){let e=this.room.peek();await e.resume(),e===this.room.
peek()&&this.showAddress(!1);let{goal:t}=this;this.goal=void 0,t!==void 0&&await e.jump(t)}connected(){return this.online?Promise.resolve():new Promise(e=>{this.
waiting.push(e),setTimeout(e,3e3)})}changed(e){if(this.online=e==="online",this.online)for(let t of this.waiting.splice(0))t();if(e==="online"||e==="ended"?(clearTimeout(
this.quiet),this.quiet=void 0,this.trouble.value=e==="ended"?"ended":""):this.quiet??=setTimeout(()=>this.showTrouble(),ts),e!=="online"){this.outbox.disconnected();
for(let t of this.held.values())t.disconnected()}}showTrouble(){this.trouble.value=navigator.onLine?"waiting":"offline",this.quiet=setTimeout(()=>this.showTrouble(),
1e3)}receive(e){switch(e.is){case"change":this.held.get(e.change.room)?.apply(e.change),e.change.info&&e.change.room===this.room.peek().id&&this.showAddress(!1,
e.change.info);break;case"reset":this.held.get(e.reset.room)?.take(e.reset);break;case"typing":this.typists(e.room,e.users);break;case"here":this.people.learn(e.
here.people),this.present(e.room,e.here);break;case"me":this.rooms.changed(e.version,e.room),e.user&&this.renamed(e.user),e.room&&this.own(e.room),e.held&&this.
outbox.decided(e.held),e.decided&&R(is(e.decided));break;case"hello":this.told(e.hello);break;case"server":this.rooms.listed(e.version,e.room,e.settings),(e.settings||
e.room?.deleted&&e.room.id===this.room.peek().id)&&this.room.peek().resume();break;case"head":this.attention.head(e.room);break;default:}}own(e){let t=this.held.
get(e.id);if(!e.left&&!e.deleted){this.attention.heard(e),t?.gone.peek()==="removed"&&t===this.room.peek()&&t.resume();return}t&&(t!==this.room.peek()?this.held.
delete(e.id):e.kind!=="public"?t.end(e.deleted?"deleted":"removed"):t.resume())}typists(e,t){let o=this.held.get(e);o&&(o.typing.value=t.filter(i=>i!==this.me.peek().
id))}present(e,t){let o=this.held.get(e);o&&(o.here.value=t)}renamed(e){let t=this.me.peek();this.me.value=e,this.people.learn([e]),e.name!==t.name&&this.showAddress(
!1)}reconnect(){this.conn.wake()}hold(e,t){let o=new kt(e,t,{me:this.me.peek().id,ask:i=>this.conn.ask(i),learn:i=>this.people.learn(i),seen:i=>this.outbox.seen(
i),fresh:(i,r)=>i===this.room.peek()&&this.attention.fresh(i,r)});this.held.set(o.id,o);for(let i of this.held.keys()){if(this.held.size<=es)break;i!==o.id&&this.
held.delete(i)}return o}path(e){return sn(we(e),this.me.value.name)}title(e=this.room.value){let{info:t}=e.view.value;return St(this.rooms.mineOf(e.id)??t,this.
me.value.id)}async go(e,t){let o=++this.wanted,i=this.room.peek(),r=t.target??"newest";if(e.id===i.id){await i.jump(r);return}let a=e.id===void 0?void 0:this.held.
get(e.id);if(a&&!a.view.peek().later&&r==="newest")a.reading=void 0,a.resume();else try{let l={do:"open",room:e.id??e.name};r!=="newest"&&(l.around=r);let u=oe(
await this.conn.ask(l));if(o!==this.wanted)return;a=this.hold(u,r==="newest")}catch(l){if(o!==this.wanted)return;t.push||this.showAddress(!1),l instanceof Z&&(this.
postponed={wanted:o,run:()=>{this.go(e,{...t,push:!0})}}),R(l instanceof Z?os:l instanceof L?l.message:"That room cannot be opened.");return}a.target.value=r,this.
enter(a,t.push)}enter(e,t){let o=this.room.peek();this.held.delete(e.id),this.held.set(e.id,e),this.editor.editing.value=null,this.dialog.value=null,this.typedAt=
0,this.attention.enter(e),this.room.value=e,o.id!==e.id&&(o.disconnected(),this.outbox.settle(o.id),this.conn.ask({do:"close",room:o.id}).catch(()=>{})),this.showAddress(
t)}async join(e){await this.connected();let{room:t}=bo(await this.conn.ask({do:"join",room:e}));await this.go({id:t,name:e},{push:!0})}async goAway(){let e=this.
room.peek().id,t=[...this.rooms.mine.peek().rooms,...this.rooms.others.peek()].find(o=>o.id!==e&&!o.archived);t?await this.go(t,{push:!0}):location.assign("/")}showAddress(e,t=this.
room.peek().view.peek().info){let o=this.path(t);o!==location.pathname&&(e?history.pushState(null,"",o):history.replaceState(null,"",o+location.search+location.
hash))}followAddress(){let e=So(location.pathname),t=this.room.peek();if(e===void 0)return;let o=an(location),i=o??"newest";if(e===we(t.view.peek().info)){o!==void 0&&
t.jump(i);return}this.go(this.rooms.at(e)??{name:e},{push:!1,target:i})}send(e){let t=this.room.peek();this.outbox.add(t.id,e,this.title(t)),t.line.value=null,this.
typedAt=0,this.toNewest()}async post({room:e,key:t,text:o}){try{return go(await this.conn.ask({do:"post",room:e,key:t,text:o}))}catch(i){throw i instanceof L&&i.
refusal.code==="unauthenticated"&&this.conn.end(),i}}toNewest(){(location.search!==""||location.hash!=="")&&history.replaceState(null,"",location.pathname),this.
room.peek().jump("newest")}retry(e){this.outbox.retry(e),this.conn.wake()}discard(e){return this.outbox.discard(e)}pausedUntil(e){return this.entries.value.length>
0?this.outbox.pausedUntil(e.id):0}mayDelete(e){return e.by===this.me.value.id||K(this.place.value)}typing(e){let t=Date.now();(e?t-this.typedAt<ns:this.typedAt===
0)||(this.typedAt=e?t:0,this.conn.ask({do:"typing",room:this.room.peek().id,on:e}).catch(()=>{}))}};function is({state:n,note:e}){let t=n==="upheld"?"The modera\
tors agreed with your report.":"The moderators looked at your report, and saw nothing wrong.";return e===""?t:`${t} “${e}”`}var xn=y(null);function ni(n,e){xn.value=e.text,n.discard(e.key)}function En(n){return n.key==="Enter"&&!n.shiftKey&&!n.altKey&&!oi(n)&&!matchMedia("(pointer: c\
oarse)").matches}function oi(n){return n.isComposing||n.keyCode===229}function Sn(n){return n.replace(/^(?:[ \t]*\n)+|\s+$/gu,"")}var Mt=class{filled=y(!1);box=null;client;room;edited=null;constructor(e,t){
this.client=e,this.room=t}begin(){this.put(this.client.drafts.get(this.room.id)),matchMedia("(pointer: fine)").matches&&this.box?.focus({preventScroll:!0});let e=()=>this.
grow(),t=r=>this.caught(r);addEventListener("resize",e),addEventListener("keydown",t);let o=xn.subscribe(r=>r!==null&&this.takeBack(r)),i=this.client.drafts.watch(
(r,a,l)=>r===this.room.id&&this.heard(a,l));return()=>{i(),removeEventListener("resize",e),removeEventListener("keydown",t),o()}}editing(e){let t=e?.number??null;
t!==this.edited&&(this.edited=t,this.put(e?e.text:this.client.drafts.get(this.room.id)),this.box?.focus())}typed(){this.box&&(this.changed(),!this.client.editor.
editing.peek()&&(this.client.drafts.set(this.room.id,this.box.value),this.client.typing(this.filled.peek())))}submit(){let{box:e,client:t}=this;if(!e)return;let o=t.
editor.editing.peek();if(t.trouble.peek()==="ended")return;let i=Sn(e.value);if(i===""){o&&R("A message cannot be empty. Delete it instead, or press Escape to l\
eave it.");return}let r=new TextEncoder().encode(i).length,a=t.limits.peek().text;if(r>a){R(`That is too long: ${r.toLocaleString("en")} bytes of at most ${a.toLocaleString(
"en")}.`);return}if(ft(),o){t.editor.save(i);return}t.drafts.set(this.room.id,""),this.put(""),t.send(i)}keyed(e){if(oi(e))return;let{client:t}=this;En(e)?(e.preventDefault(),
this.submit()):e.key==="Escape"&&t.editor.editing.peek()?(e.preventDefault(),t.editor.editing.value=null):e.key==="ArrowUp"&&!t.editor.editing.peek()&&this.box?.
value===""&&t.editor.edit()&&e.preventDefault()}caught(e){!(e.key.length===1&&e.key!==" "&&!e.ctrlKey&&!e.metaKey&&!e.altKey)||e.defaultPrevented||!(e.target instanceof
Element)||e.target.closest(".menu")||(e.target===document.body||e.target.closest(".scroll"))&&this.box?.focus()}takeBack(e){this.box&&(xn.value=null,this.client.
editor.editing.value=null,this.editing(null),this.put([this.box.value,e].filter(Boolean).join(`
`)),this.client.drafts.set(this.room.id,this.box.value),this.box.focus())}heard(e,t){let{box:o,client:i}=this;if(!o||i.editor.editing.peek())return;let r=o===document.
activeElement&&document.hasFocus();(t==="device"||!r)&&this.put(e)}put(e){this.box&&(this.box.value=e,this.box.setSelectionRange(e.length,e.length),this.changed())}changed(){
this.filled.value=this.box!==null&&this.box.value.trim()!=="",this.grow()}grow(){let{box:e}=this;e&&(e.style.removeProperty("height"),e.value!==""&&e.style.setProperty(
"height",`${e.scrollHeight+e.offsetHeight-e.clientHeight}px`))}};function ii(n){let e=n.querySelector("textarea"),t=e?.form,o=[],i=a=>{a.preventDefault(),!(!e||e.value.trim()==="")&&(o.push(e.value),e.value="")},r=a=>En(a)&&i(
a);return e?.addEventListener("keydown",r),t?.addEventListener("submit",i),()=>(e?.removeEventListener("keydown",r),t?.removeEventListener("submit",i),{sent:o,text:e?.
value??"",focused:e!==null&&e===document.activeElement})}var rs="parley";var ke="kept",ss=/^draft\//,Lt=class{ready;config;prefix;copy=new Map;unsaved=new Set;saving=new Map;watchers=[];database=null;loaded=!1;failing=!1;told=!1;planned=!1;transactions=0;goOn=()=>{};constructor(e){
this.config=e,this.prefix=`${e.user}/`,this.ready=new Promise(t=>{let o=setTimeout(()=>this.fail(),e.patience??1e3);this.goOn=()=>{clearTimeout(o),t()}}),e.bell?.
addEventListener("message",t=>this.read(t.data)),this.open()}get(e){return this.copy.get(e)??null}set(e,t){this.copy.get(e)!==t&&(this.copy.set(e,t),this.plan(e))}remove(e){
this.copy.delete(e)&&(this.failing&&this.forgetEarlier(e),this.plan(e))}keys(e){return[...this.copy.keys()].filter(t=>t.startsWith(e)).toSorted()}place(e){return this.
unsaved.has(e)?this.failing?"memory":"way":this.saving.has(e)?"way":"device"}watch(e){this.watchers.push(e)}refresh(){this.database&&this.loaded&&this.load(this.
database)}open(){try{let e=this.config.databases();if(!e)throw new Error("no databases");let t=e.open(rs,1);t.addEventListener("upgradeneeded",()=>t.result.createObjectStore(
ke)),t.addEventListener("success",()=>this.opened(t.result)),t.addEventListener("error",o=>{o.preventDefault(),this.fail()})}catch{this.fail()}}opened(e){this.database=
e,e.addEventListener("versionchange",()=>{e.close(),this.lost(e)}),e.addEventListener("close",()=>this.lost(e)),this.load(e)}lost(e){if(this.database===e){this.
database=null,this.loaded=!1;for(let t of this.copy.keys())this.unsaved.add(t);this.open()}}load(e){try{let t=e.transaction(ke,"readwrite"),o=t.objectStore(ke),
i=this.takeOver(o),r=IDBKeyRange.bound(this.prefix,`${this.prefix}￿`),a=o.getAllKeys(r),l=o.getAll(r);this.sweep(o),t.addEventListener("complete",()=>{for(let u of i)
this.config.earlier?.()?.removeItem(u);this.took(new Map(a.result.map((u,m)=>[String(u).slice(this.prefix.length),l.result[m]?.value??""])))}),t.addEventListener(
"abort",()=>this.fail())}catch{this.fail()}}took(e){let t=!this.loaded;this.loaded=!0,this.failing=!1;for(let[o,i]of e){let r=this.copy.get(o);t&&this.unsaved.has(
o)?this.meet(o,i,r):this.take(o,i,"device")}if(!t)for(let o of this.copy.keys())e.has(o)||this.take(o,null,"tab");this.goOn(),this.flush()}meet(e,t,o){let i=o===
void 0?t:this.config.merge(e,t,o);if(i===t&&this.unsaved.delete(e),i!==o){this.copy.set(e,i);for(let r of this.watchers)r(e,i,"device")}}read(e){let{database:t}=this;
if(t)try{let o=t.transaction(ke),i=o.objectStore(ke),r=e.map(a=>i.get(this.prefix+a));o.addEventListener("complete",()=>{for(let[a,l]of e.entries())this.take(l,
r[a]?.result?.value??null,"tab")})}catch{}}take(e,t,o){if(!(this.unsaved.has(e)||this.saving.has(e)||this.get(e)===t)){t===null?this.copy.delete(e):this.copy.set(
e,t);for(let i of this.watchers)i(e,t,o)}}plan(e){this.unsaved.add(e),!this.planned&&(this.planned=!0,queueMicrotask(()=>{this.planned=!1,this.flush()}))}flush(){
let{database:e}=this;if(this.unsaved.size===0)return;if(!e||!this.loaded){this.failing&&this.tell();return}let t=[...this.unsaved],o=++this.transactions;try{let i=t.
every(l=>ss.test(l))?"relaxed":"strict",r=e.transaction(ke,"readwrite",{durability:i}),a=r.objectStore(ke);for(let l of t)this.write(a,l);r.commit(),r.addEventListener(
"complete",()=>this.saved(t,o)),r.addEventListener("abort",()=>this.refused(t,o))}catch{this.refused(t,o);return}for(let i of t)this.saving.set(i,o);this.unsaved.
clear()}write(e,t){let o=this.copy.get(t);o===void 0?e.delete(this.prefix+t):e.put({value:o,at:this.now()},this.prefix+t)}saved(e,t){this.failing=!1;for(let o of e)
this.saving.get(o)===t&&this.saving.delete(o);this.config.bell?.postMessage([...e])}refused(e,t){for(let o of e)this.saving.get(o)===t&&(this.saving.delete(o),this.
unsaved.add(o));this.failing=!0,this.unsaved.size>0&&this.tell()}fail(){this.failing=!0,this.takeEarlier(),this.goOn(),this.flush()}tell(){this.told||(this.told=
!0,this.config.failed())}now(){return(this.config.now??Date.now)()}takeOver(e){let t=this.earlier();for(let[o,i]of t)e.add({value:i,at:this.now()},o.slice(Tn.length)).
addEventListener("error",a=>{a.preventDefault(),a.stopPropagation()});return[...t.keys()]}takeEarlier(){let e=Tn+this.prefix;for(let[t,o]of this.earlier()){let i=t.
slice(e.length);t.startsWith(e)&&!this.copy.has(i)&&this.copy.set(i,o)}}forgetEarlier(e){try{this.config.earlier?.()?.removeItem(Tn+this.prefix+e)}catch{}}earlier(){
let e=new Map;try{let t=this.config.earlier?.();for(let o=0;o<(t?.length??0);o++){let i=t?.key(o)??"";as.test(i)&&e.set(i,t?.getItem(i)??"")}}catch{}return e}sweep(e){
let t=e.openCursor();t.addEventListener("success",()=>{let o=t.result;o&&(!String(o.key).startsWith(this.prefix)&&o.value.at<this.now()-2592e6&&o.delete(),o.continue())})}},
Tn="parley/",as=/^parley\/[^/]*\/(?:outbox|draft)\//;function si(n,e){let t=[],o=new Set,i,r;for(let a of n){let l=a.at===void 0?i?.date??"":e.date(a.at);if(!i||l!==i.date){let m=o.has(l)?`${l} ${a.id}`:l;o.add(m),
i={id:m,date:l,messages:[]},t.push(i),r=void 0}let u=r!==void 0&&ls(r.said,a);r&&(r.last=!u),r={said:a,first:!u,last:!0},i.messages.push(r)}return t}function ls(n,e){
return n.by!==e.by?!1:n.at===void 0||e.at===void 0?n.at===e.at:e.at-n.at<=3e5}var Le=class{dates;clock;known=new Map;constructor(e){let t=e===void 0?{}:{timeZone:e};
this.dates=new Intl.DateTimeFormat("en-CA",{...t,year:"numeric",month:"2-digit",day:"2-digit"}),this.clock=new Intl.DateTimeFormat("en-GB",{...t,hour:"2-digit",
minute:"2-digit",hourCycle:"h23"})}date(e){let t=Math.floor(e/9e5),o=this.known.get(t);if(o===void 0){let i=new Map(this.dates.formatToParts(e).map(r=>[r.type,r.
value]));o=`${i.get("year")}-${i.get("month")}-${i.get("day")}`,this.known.set(t,o)}return o}time(e){return this.clock.format(e)}name(e,t){if(e===this.date(t))return"\
Today";let o=Date.parse(`${this.date(t)}T12:00:00Z`);return e===new Date(o-864e5).toISOString().slice(0,10)?"Yesterday":ri(e)}moment(e){return`${ri(this.date(e))}\
, ${this.time(e)}`}},us=new Intl.DateTimeFormat("en-GB",{timeZone:"UTC",weekday:"long",day:"numeric",month:"long",year:"numeric"});function ri(n){let e=new Map(
us.formatToParts(Date.parse(`${n}T12:00:00Z`)).map(t=>[t.type,t.value]));return`${e.get("weekday")}, ${e.get("day")} ${e.get("month")} ${e.get("year")}`}var ds=Symbol.for("pv"),cs=0;function s(n,e,t,o,i,r){e||(e={});var a,l,u=e;if("ref"in u&&typeof n!="function")for(l in u={},e)l=="ref"?a=e[l]:u[l]=e[l];var m={type:n,props:u,key:t,ref:a,__k:null,
__:null,__b:0,__e:null,__c:null,constructor:ds,__v:--cs,__i:-1,__u:0};return(i||r)&&(m.__source=i,m.__self=r),S.vnode&&S.vnode(m),m}function b({name:n}){return s("span",{class:`icon icon-${n}`,"aria-hidden":"true"})}var ms=2**31-1,Ot=new Le;function ai({client:n,room:e}){let t=v(Date.now()),o=_n(n.place.value,t.value);return F(()=>{if(t.value=Date.now(),o?.until===void 0)return;
let i=setTimeout(()=>t.value=Date.now(),Math.min(ms,o.until-Date.now()+50));return()=>clearTimeout(i)},[o?.until,t]),o?s(ps,{quiet:o}):s(vs,{client:n,room:e})}function ps({
quiet:n}){return s("div",{class:"quiet-note","data-testid":"quiet",role:"status",children:[s(b,{name:n.why==="muted"?"mute":"lock"}),s("p",{children:hs(n)})]})}
function hs({why:n,until:e}){switch(n){case"archived":return"This room is archived. It can be read; nobody writes in it.";case"read-only":return"Just now this s\
erver is read only.";case"muted":return e===void 0?"You are muted. You can read.":`You are muted until ${fs(e)}. You can read.`;default:return s(E,{children:["O\
nly members write here. ",s("a",{href:"/-/register",children:"Become one"})]})}}function fs(n){return Ot.date(n)===Ot.date(Date.now())?Ot.time(n):Ot.moment(n)}function vs({
client:n,room:e}){let t=_e(()=>new Mt(n,e),[n,e]),o=n.editor.editing.value,i=n.title(e);X(()=>t.begin(),[t]),X(()=>t.editing(o),[t,o]);let r=a=>{a.preventDefault(),
t.submit(),t.box?.focus()};return s("form",{class:t.filled.value?"box":"box idle",onSubmit:r,children:[o&&s("p",{class:"box-note",children:[s(b,{name:"edit"}),s(
"span",{children:"Editing your message"}),s("button",{class:"text-button",type:"button",onClick:()=>n.editor.editing.value=null,children:"Cancel"})]}),!o&&s(gs,
{client:n,room:e}),s("label",{class:"sr",for:"text",children:["Message ",i]}),s("textarea",{ref:a=>{t.box=a},id:"text",name:"text","data-testid":"message-box",rows:1,
placeholder:`Message ${i}`,autocomplete:"off",enterkeyhint:"enter",onInput:()=>t.typed(),onKeyDown:a=>t.keyed(a)}),s("button",{class:"send","data-testid":"send",
children:[s(b,{name:o?"check":"send"}),s("span",{class:"sr",children:o?"Save":"Send"})]})]})}function gs({client:n,room:e}){let t=n.pausedUntil(e),o=v(Date.now());
F(()=>{if(o.value=Date.now(),t<=Date.now())return;let a=setInterval(()=>o.value=Date.now(),500);return()=>clearInterval(a)},[t,o]);let i=Math.ceil((t-o.value)/1e3);
if(i<=1)return null;let{slow:r}=e.view.value.info;return s("p",{class:"box-note","data-testid":"pace",children:[s(b,{name:"clock"}),s("span",{children:[r?`One m\
essage every ${r} seconds here. `:"That was quick. ","What you wrote goes out in ",i," s."]})]})}function At({legend:n,name:e,of:t,options:o}){return s("fieldset",{class:"choice",children:[s("legend",{children:n}),o.map(({value:i,words:r,help:a,disabled:l})=>s(
"label",{class:"option",children:[s("input",{type:"radio",name:e,value:i,checked:t.value===i,disabled:l??!1,onChange:()=>t.value=i}),s("span",{children:[r,a&&s(
"span",{class:"help",children:a})]})]},i))]})}function de({label:n,name:e,of:t,options:o}){let i=`dialog-${e}`;return s("div",{class:"field",children:[s("label",
{for:i,children:n}),s("select",{id:i,name:e,onChange:r=>t.value=r.currentTarget.value,children:o.map(([r,a])=>s("option",{value:r,selected:t.value===r,children:a},
r))})]})}function A({title:n,close:e,children:t,panel:o=!1}){let i=U(null);return X(()=>{let a=i.current,l=document.activeElement;return a?.showModal(),a?.querySelector(
"[data-first]")?.focus(),()=>{a?.close();let u=document.activeElement===document.body||document.activeElement===null,m=l instanceof HTMLElement&&l.isConnected&&
l!==document.body?l:document.querySelector("#text");u&&(m?.id!=="text"||matchMedia("(pointer: fine)").matches)&&m?.focus({preventScroll:!0})}},[]),s("dialog",{class:o?
"dialog panel":"dialog",ref:i,"aria-labelledby":"dialog-title","data-testid":"dialog",onClose:e,onPointerDown:a=>{if(a.target!==a.currentTarget)return;let{left:l,
right:u,top:m,bottom:d}=a.currentTarget.getBoundingClientRect();(a.clientX<l||a.clientX>u||a.clientY<m||a.clientY>d)&&e()},children:[s("header",{class:"dialog-h\
ead",children:[s("h2",{id:"dialog-title",children:n}),s("button",{class:"icon-button",type:"button",onClick:e,children:[s(b,{name:"close"}),s("span",{class:"sr",
children:"Close"})]})]}),s("div",{class:"dialog-body",children:t})]})}function I(){let n=v(!1),e=v(""),t=v("");return{busy:n,why:e,field:t,run:async i=>{if(n.peek())
return!1;n.value=!0,e.value=t.value="";try{return await i(),!0}catch(r){return e.value=r instanceof L?r.message:"There is no connection just now. Try again.",t.
value=r instanceof L?r.refusal.field??"":"",!1}finally{n.value=!1}}}}function J({trial:n,name:e,label:t,value:o,input:i,help:r,lines:a,first:l,required:u}){let m=n.
field.value===e?n.why.value:"",d=`dialog-${e}`,p=m?`${d}-error`:r?`${d}-help`:void 0,h={id:d,name:e,value:o,autocomplete:"off",required:u??!1,"data-first":l,"ar\
ia-invalid":m?!0:void 0,"aria-describedby":p};return s("div",{class:"field",children:[s("label",{for:d,children:t}),a?s("textarea",{...h,rows:a,onInput:c=>i(c.currentTarget.
value)}):s("input",{...h,onInput:c=>i(c.currentTarget.value)}),m&&s("p",{class:"error",id:`${d}-error`,role:"alert",children:m}),!m&&r&&s("p",{class:"help",id:`${d}\
-help`,children:r})]})}function $({trial:n,but:e=[]}){return n.why.value===""||e.includes(n.field.value)?null:s("p",{class:"alert",role:"alert",children:n.why.value})}
function j({trial:n,yes:e,close:t,danger:o=!1,no:i="Cancel",disabled:r=!1}){return s("div",{class:"actions",children:[s("button",{class:o?"button danger":"butto\
n",disabled:r,"aria-busy":n.busy.value,children:e}),s("button",{class:"button quiet",type:"button",onClick:t,children:i})]})}function q(n){return e=>{e.preventDefault(),
n()}}var Pn=[["0","As fast as they like"],["5","One message every 5 seconds"],["10","One message every 10 seconds"],["30","One message every 30 seconds"],["60","One \
message a minute"],["300","One message every 5 minutes"],["3600","One message an hour"]];function li(n){return K(n.client.place.value)?s(ys,{...n}):s(bs,{...n})}
function bs({client:n,close:e}){let{info:t}=n.room.value.view.value;return s(A,{title:n.title(),close:e,children:[t.topic&&s("p",{children:t.topic}),t.description&&
s("p",{class:"bio",children:t.description}),s("p",{class:"help",children:[t.kind==="public"?"Everybody can see this room.":"Only who is invited sees this room.",
" ",t.members===1?"1 member.":`${t.members} members.`,(t.slow??0)>0&&` One message every ${t.slow} seconds.`]}),s("div",{class:"actions",children:s("button",{class:"\
button quiet",type:"button","data-first":!0,onClick:e,children:"Close"})})]})}function ys({client:n,close:e}){let t=I(),{id:o,view:i}=n.room.value,{info:r}=i.value,
a=v(r.name),l=v(r.topic),u=v(r.description??""),m=v(`${r.slow??0}`),d=v(!r.noPreview),p=()=>{t.run(async()=>{let g=i.peek().info,w={};a.peek().trim()!==g.name&&
(w.name=a.peek().trim()),l.peek().trim()!==g.topic&&(w.topic=l.peek().trim()),u.peek().trim()!==(g.description??"")&&(w.description=u.peek().trim()),Number(m.peek())!==
(g.slow??0)&&(w.slow=Number(m.peek())),d.peek()===(g.noPreview??!1)&&(w.no_preview=!d.peek()),Object.keys(w).length>0&&await n.acts.change(o,w),e()})},h=()=>{t.
run(async()=>{await n.acts.change(o,{archived:!r.archived}),e()})},c=Pn.some(([g])=>g===m.value)?Pn:[...Pn,[m.value,`One message every ${m.value} seconds`]];return s(
A,{title:"Room settings",close:e,children:[s("form",{class:"form",onSubmit:q(p),children:[r.archived?s("p",{class:"help",children:"This room is archived. Bring \
it back to change it."}):s(E,{children:[s(J,{trial:t,name:"name",label:"Name",value:a.value,input:g=>a.value=g,help:"Links with the old name keep working.",first:!0,
required:!0}),s(J,{trial:t,name:"topic",label:"Topic",value:l.value,input:g=>l.value=g}),s(J,{trial:t,name:"description",label:"Description",value:u.value,input:g=>u.
value=g,lines:3}),s(de,{label:"How fast people write",name:"slow",of:m,options:c}),r.kind==="public"&&s("label",{class:"option",children:[s("input",{type:"check\
box",checked:d.value,onChange:g=>d.value=g.currentTarget.checked}),s("span",{children:["Everybody can read it",s("span",{class:"help",children:"Otherwise only i\
ts members do."})]})]})]}),s($,{trial:t,but:["name","topic","description"]}),!r.archived&&s(j,{trial:t,yes:"Save",close:e})]}),s("div",{class:"actions apart",children:[
s("button",{class:"button quiet",type:"button",onClick:h,children:r.archived?"Bring it back":"Archive"}),!r.archived&&s("button",{class:"button quiet",type:"but\
ton",onClick:()=>n.dialog.value={is:"convert"},children:r.kind==="public"?"Make it private…":"Make it public…"}),s("button",{class:"button quiet danger",type:"\
button",onClick:()=>n.dialog.value={is:"drop"},children:"Delete…"})]})]})}function ui({client:n,close:e}){let t=I(),{id:o,view:i}=n.room.value,r=i.value.info.
kind==="private",a=v(i.peek().info.name);return s(A,{title:r?"Make this room public?":"Make this room private?",close:e,children:s("form",{class:"form",onSubmit:q(
()=>{t.run(async()=>{await n.acts.change(o,r?{kind:"public",name:a.peek().trim()}:{kind:"private"}),e()})}),children:[s("p",{children:r?"Everybody will see the \
room and all that was ever said in it.":"Only its members will see it. For everybody else it will not exist, and nobody finds it by its name."}),r&&s(J,{trial:t,
name:"name",label:"Name",value:a.value,input:u=>a.value=u,help:"No other public room may be called so.",first:!0,required:!0}),s($,{trial:t,but:r?["name"]:[]}),
s(j,{trial:t,yes:r?"Make it public":"Make it private",close:e})]})})}function di({client:n,close:e}){let t=I(),{id:o}=n.room.value,i=()=>{t.run(async()=>{await n.
acts.drop(o),e(),await n.goAway(),R("The room is deleted.")})};return s(A,{title:`Delete ${n.title()}?`,close:e,children:s("form",{class:"form",onSubmit:q(i),children:[
s("p",{children:"The room and all that was said in it are gone for everybody. Nobody can bring it back."}),s($,{trial:t}),s(j,{trial:t,yes:"Delete the room",close:e,
danger:!0,no:"Keep it"})]})})}function ci({client:n,close:e}){let t=I(),{id:o,view:i}=n.room.value,{kind:r}=i.value.info,a=()=>{t.run(async()=>{await n.acts.leave(
o),e(),r!=="public"&&await n.goAway()})};return s(A,{title:`Leave ${n.title()}?`,close:e,children:s("form",{class:"form",onSubmit:q(a),children:[s("p",{children:r===
"public"?"You can come back whenever you like.":"You will not see this room any more, until somebody in it adds you again."}),s($,{trial:t}),s(j,{trial:t,yes:"L\
eave",close:e,no:"Stay"})]})})}var ws=[{value:"",words:"All messages",help:"The room turns bold, and shows how many are new."},{value:"mentions",words:"Only whe\
n I am mentioned",help:"The room turns bold for these alone."},{value:"nothing",words:"Nothing",help:"The room stays quiet."},{value:"hidden",words:"Hide the ro\
om",help:"It shows when I am mentioned, and under “All rooms”."}];function mi({client:n,close:e}){let t=I(),{id:o}=n.room.value,i=v(n.place.peek().own?.notify??
"");return s(A,{title:"What I am told",close:e,children:s("form",{class:"form",onSubmit:q(()=>{t.run(async()=>{await n.acts.notify(o,i.peek()),n.rooms.owned(new Map(
[[o,{notify:i.peek()}]])),e()})}),children:[s(At,{legend:`Of ${n.title()}`,name:"level",of:i,options:ws}),s($,{trial:t}),s(j,{trial:t,yes:"Save",close:e})]})})}var ks=36e5,_s=[["1","1 hour"],["24","1 day"],["168","1 week"],["0","No end"]],xs=[["1","1 person"],["10","10 people"],["50","50 people"],["0","Any number"]];function pi({
client:n,close:e}){let t=I(),{id:o}=n.room.value,i=v("168"),r=v("10"),a=v(null),l=v([]);F(()=>{n.acts.invites(o).then(d=>l.value=d,()=>{})},[n,o,l]);let u=()=>{
t.run(async()=>{let d={room:o};i.peek()!=="0"&&(d.expires_at=Date.now()+Number(i.peek())*ks),r.peek()!=="0"&&(d.uses=Number(r.peek())),a.value=await n.acts.invite(
d),l.value=[a.value,...l.peek()]})},m=d=>()=>{t.run(async()=>{await n.acts.withdraw(d.id),l.value=l.peek().filter(p=>p.id!==d.id),a.peek()?.id===d.id&&(a.value=
null)})};return s(A,{title:`Invite to ${n.title()}`,close:e,children:[a.value?s(Es,{invite:a.value}):s("form",{class:"form",onSubmit:q(u),children:[s("div",{class:"\
pair",children:[s(de,{label:"Good for",name:"expires_at",of:i,options:_s}),s(de,{label:"Lets in",name:"uses",of:r,options:xs})]}),s($,{trial:t}),s("div",{class:"\
actions",children:s("button",{class:"button","data-first":!0,"aria-busy":t.busy.value,children:"Make a link"})})]}),l.value.length>0&&s(E,{children:[s("h3",{class:"\
apart",children:"Links to this room"}),s("ul",{class:"members",children:l.value.map(d=>s("li",{class:"member",children:[s("span",{class:"here-name",children:[hi(
d),s("span",{class:"help",children:d.used===1?"1 came in":`${d.used} came in`})]}),s("button",{class:"button quiet small",type:"button",onClick:m(d),children:"T\
ake back"})]},d.id))})]})]})}function hi({uses:n,expires:e}){let t=n===0?"Any number of people":n===1?"1 person":`${n} people`;return e===0?t:`${t}, until ${new Date(
e).toLocaleString("en-GB",{day:"numeric",month:"short",hour:"2-digit",minute:"2-digit"})}`}function Es({invite:n}){let e=new URL(n.url,location.href),t=e.searchParams.
get("token")??"";return s("div",{class:"invite","data-testid":"invite",children:[s("img",{class:"qr",src:`/-/invite.png?token=${encodeURIComponent(t)}`,width:176,
height:176,alt:"The link as a QR code"}),s("div",{class:"field",children:[s("label",{for:"dialog-url",children:"Send this link to who may come in"}),s("input",{
id:"dialog-url",readOnly:!0,value:e.href,onFocus:o=>o.currentTarget.select()})]}),s("p",{class:"help",children:[hi(n),". It is shown only now."]}),s("div",{class:"\
actions",children:s("button",{class:"button",type:"button","data-first":!0,onClick:()=>{Q(e.href,"The link is copied.")},children:"Copy link"})})]})}function It(n){let e=/\d+/.exec(n)?.[0]??"0";return`hue-${Number(BigInt(e)*7n%24n)}`}function fi(n){return(/[\p{L}\p{N}]/u.exec(n)?.[0]??Array.from(n)[0]??"?").
toUpperCase()}function B({id:n,name:e}){return s("span",{class:`avatar ${It(n)}`,"aria-hidden":"true",children:fi(e)})}function vi({client:n,close:e}){let t=I(),o=v(!1),i=v([]),r=v(!1),{id:a}=n.room.value,l=n.place.value,u=n.room.value.view.value.info.members,m=h=>t.run(async()=>{
let c=await n.acts.members(a,h.at(-1)?.user,o.peek());i.value=[...h,...c.members],r.value=c.more});F(()=>{m([])},[a,o.value,u]);let d=h=>()=>n.dialog.value={is:"\
person",person:{id:h.user,name:h.name},role:h.role??""},p=h=>()=>{t.run(()=>n.acts.unban(a,h.user)).then(c=>c&&(i.value=i.peek().filter(g=>g.user!==h.user)))};return s(
A,{title:l.info.kind==="direct"?"Everybody in it":o.value?"Banned":`Members (${u})`,close:e,panel:!0,children:[Be(l)&&!o.value&&s("div",{class:"actions",children:[
s("button",{class:"button",type:"button","data-first":!0,onClick:()=>n.dialog.value={is:"add"},children:"Add people"}),s("button",{class:"button quiet",type:"bu\
tton",onClick:()=>n.dialog.value={is:"invite"},children:"Invite by a link"})]}),s($,{trial:t}),s("ul",{class:"members","data-testid":"members",children:i.value.
map(h=>s("li",{class:"member",children:o.value?s(E,{children:[s(B,{id:h.user,name:h.name}),s("span",{class:"here-name",children:h.name}),s("button",{class:"butt\
on quiet small",type:"button",onClick:p(h),children:"Let in again"})]}):s("button",{class:"person-button",type:"button",onClick:d(h),children:[s(B,{id:h.user,name:h.
name}),s("span",{class:"here-name",children:h.name}),h.user===n.me.value.id&&s("span",{class:"count",children:"you"}),h.role==="moderator"&&s("span",{class:"tag",
children:"Moderator"})]})},h.user))}),i.value.length===0&&!t.busy.value&&t.why.value===""&&s("p",{class:"help",children:o.value?"Nobody is banned.":"Nobody yet."}),
r.value&&s("button",{class:"button quiet wide",type:"button",onClick:()=>{m(i.peek())},children:"Show more"}),K(l)&&s("button",{class:"text-button",type:"button",
onClick:()=>o.value=!o.value,children:o.value?"Back to the members":"Who is banned"})]})}var Ss=6e4,Ts=[["10","10 minutes"],["60","1 hour"],["1440","1 day"],["10080","1 week"],["forever","Without an end"],["0","Not at all: let them speak again"]];function Ps(n){
return n==="forever"?kn:n==="0"?0:Date.now()+Number(n)*Ss}function gi({client:n,person:e,close:t}){let o=I(),i=v("60"),r=v("room"),a=v(""),l=()=>{o.run(async()=>{
await n.acts.mute(r.peek()==="room"?n.room.peek().id:null,e.id,Ps(i.peek()),a.peek().trim()),t(),R(i.peek()==="0"?`${e.name} can speak again.`:`${e.name} is mut\
ed.`)})};return s(A,{title:`Mute ${e.name}`,close:t,children:s("form",{class:"form",onSubmit:q(l),children:[s(de,{label:"For how long",name:"muted_until",of:i,options:Ts}),
Me(n.me.value)&&s(de,{label:"Where",name:"where",of:r,options:[["room",`In ${n.title()}`],["everywhere","On the whole server"]]}),s(J,{trial:o,name:"why",label:"\
Why",value:a.value,input:u=>a.value=u,help:"It is kept in the log. They can still read."}),s($,{trial:o,but:["why"]}),s(j,{trial:o,yes:i.value==="0"?"Let them s\
peak":"Mute",close:t,danger:i.value!=="0"})]})})}function bi({client:n,person:e,close:t}){let o=I(),i=v(!1),r=v(""),a=()=>{o.run(async()=>{await n.acts.remove(n.
room.peek().id,e.id,{ban:i.peek(),why:r.peek().trim()}),t(),R(i.peek()?`${e.name} is banned from this room.`:`${e.name} is no longer in this room.`)})};return s(
A,{title:`Remove ${e.name} from ${n.title()}?`,close:t,children:s("form",{class:"form",onSubmit:q(a),children:[s(J,{trial:o,name:"why",label:"Why",value:r.value,
input:l=>r.value=l,help:"It is kept in the log.",first:!0}),s("label",{class:"option",children:[s("input",{type:"checkbox",name:"ban",checked:i.value,onChange:l=>i.
value=l.currentTarget.checked}),s("span",{children:["Ban too",s("span",{class:"help",children:"They cannot come back, nor read."})]})]}),s($,{trial:o,but:["why"]}),
s(j,{trial:o,yes:i.value?"Remove and ban":"Remove",close:t,danger:!0})]})})}function yi({client:n,number:e,close:t}){let o=I(),i=v("");return s(A,{title:"Report\
 this message",close:t,children:s("form",{class:"form",onSubmit:q(()=>{o.run(async()=>{await n.acts.report(n.room.peek().id,e,i.peek().trim()),t(),R("Thank you.\
 The moderators look at it, and tell you what they decide.")})}),children:[s(J,{trial:o,name:"why",label:"What is wrong with it",value:i.value,input:a=>i.value=
a,lines:3,first:!0,required:!0}),s($,{trial:o,but:["why"]}),s(j,{trial:o,yes:"Report",close:t})]})})}var Cs=150;async function Rs(n,e){try{return await n.acts.find(e)}catch{return null}}function Cn({client:n,label:e,chosen:t,most:o,without:i}){let r=v(""),a=v(null),
l=v(0),u=U(null),m=r.value.trim();F(()=>{if(a.value=null,m==="")return;let f=!1,T=setTimeout(()=>{Rs(n,m).then(x=>(!f&&x&&([a.value,l.value]=[x,0]),x))},Cs);return()=>{
f=!0,clearTimeout(T)}},[m,n,a,l]);let d=new Set([n.me.value.id,...i??[],...t.value.map(({id:f})=>f)]),p=(a.value??[]).filter(({id:f})=>!d.has(f)),h=f=>{!f||t.value.
length>=o||(t.value=[...t.value,f],r.value="",u.current?.focus())},c=f=>{t.value=t.value.filter(T=>T.id!==f),u.current?.focus()},g=f=>{let T={ArrowDown:1,ArrowUp:-1}[f.
key];if(T!==void 0&&p.length>0)l.value=(l.value+T+p.length)%p.length;else if(f.key==="Enter"&&m!=="")h(p[l.value]);else if(f.key==="Backspace"&&r.value==="")t.value=
t.value.slice(0,-1);else return;f.key!=="Backspace"&&f.preventDefault()},w=t.value.length>=o;return s("div",{class:"field picker",children:[s("label",{for:"dial\
og-q",children:e}),t.value.length>0&&s("ul",{class:"chips","aria-label":"Chosen",children:t.value.map(f=>s("li",{class:"chip",children:[s("bdi",{children:f.name}),
s("button",{type:"button",onClick:()=>c(f.id),children:[s(b,{name:"close"}),s("span",{class:"sr",children:["Take ",f.name," away"]})]})]},f.id))}),s("input",{ref:u,
id:"dialog-q","data-first":!0,role:"combobox","aria-expanded":p.length>0,"aria-controls":"dialog-offers","aria-autocomplete":"list","aria-activedescendant":p[l.
value]?`offer-${p[l.value]?.id}`:void 0,autocomplete:"off",placeholder:w?"That is all":"The beginning of a name",value:r.value,disabled:w,onInput:f=>r.value=f.currentTarget.
value,onKeyDown:g}),s("ul",{class:"offers",id:"dialog-offers",role:"listbox","aria-label":"People",children:p.map((f,T)=>s("li",{id:`offer-${f.id}`,role:"option",
"aria-selected":T===l.value,class:"offer",onClick:()=>h(f),children:[s(B,{id:f.id,name:f.name}),s("span",{class:"here-name",children:f.name})]},f.id))}),a.value!==
null&&p.length===0&&s("p",{class:"help",children:"Nobody of that name, or they are here already."})]})}var Ms=7;function wi({client:n,close:e}){let t=I(),o=ei(n.me.value,n.rooms.settings.value),i=v(o.public||!o.private?"public":"private"),r=v(""),a=v("");return s(
A,{title:"New room",close:e,children:s("form",{class:"form",onSubmit:q(()=>{t.run(async()=>{let u=await n.acts.create({kind:i.peek(),name:r.peek().trim(),...a.peek().
trim()&&{topic:a.peek().trim()}});e(),await n.go(u,{push:!0})})}),children:[s(J,{trial:t,name:"name",label:"Name",value:r.value,input:u=>r.value=u,first:!0,required:!0}),
s(J,{trial:t,name:"topic",label:"Topic",value:a.value,input:u=>a.value=u,help:"One line above the messages. May stay empty."}),s(At,{legend:"Who can see it",name:"\
kind",of:i,options:[{value:"public",words:"Everybody",help:o.public?"It is in the list of rooms.":"On this server not everybody makes public rooms.",disabled:!o.
public},{value:"private",words:"Only who is invited",help:o.private?"For everybody else it does not exist.":"For members: keep your name first.",disabled:!o.private}]}),
s($,{trial:t,but:["name","topic"]}),s(j,{trial:t,yes:"Make the room",close:e,disabled:!o.public&&!o.private})]})})}function ki({client:n,close:e}){let t=I(),o=v(
[]);return s(A,{title:"Write to somebody",close:e,children:s("form",{class:"form",onSubmit:q(()=>{t.run(async()=>{if(o.peek().length===0)return;let r=await n.acts.
create({kind:"direct",users:o.peek().map(({id:a})=>a)});e(),await n.go(r,{push:!0})})}),children:[s(Cn,{client:n,label:"To",chosen:o,most:Ms}),s("p",{class:"hel\
p",children:"Up to seven people. The same people always have the same room."}),s($,{trial:t}),s(j,{trial:t,yes:"Write",close:e,disabled:o.value.length===0})]})})}
function _i({client:n,close:e}){let t=I(),o=v([]),i=()=>{t.run(async()=>{o.peek().length!==0&&(await n.acts.add(n.room.peek().id,o.peek().map(({id:r})=>r)),e())})};
return s(A,{title:`Add people to ${n.title()}`,close:e,children:s("form",{class:"form",onSubmit:q(i),children:[s(Cn,{client:n,label:"Who",chosen:o,most:20}),s($,
{trial:t}),s(j,{trial:t,yes:"Add",close:e,disabled:o.value.length===0})]})})}var xi={owner:"Owner of this server",administrator:"Administrator",moderator:"Moderator",guest:"Guest",member:"Member",bot:"Bot",script:"Script",imported:"Impor\
ted"};function Ei({client:n,person:e,role:t,close:o}){let i=I(),r=v(null),a=v(t??null),l=n.me.value.id===e.id,u=n.room.value.id,m=K(n.place.value)&&!l;F(()=>{n.
acts.profile(e.id).then(w=>r.value=w,()=>{}),m&&a.peek()===null&&n.acts.members(u).then(({members:w})=>a.value=w.find(f=>f.user===e.id)?.role??"",()=>{})},[n,e.
id,m,u,r,a]);let d=()=>{i.run(async()=>{let w=await n.acts.create({kind:"direct",users:[e.id]});o(),await n.go(w,{push:!0})})},p=w=>()=>{i.run(()=>n.acts.appoint(
u,e.id,w)).then(f=>f&&(a.value=w))},h=n.people.name(e.id),c=r.value,g=!l&&!["script","imported","bot"].includes(c?.kind??"");return s(A,{title:h==="…"?e.name:
h,close:o,children:[s("div",{class:"card-person",children:[s(B,{id:e.id,name:e.name}),s("p",{children:[c?xi[c.role]??xi[c.kind]??"Member":"…",a.value==="moder\
ator"&&s("span",{class:"tag",children:"Moderates this room"}),c&&c.since>0&&s("span",{class:"help",children:["Here since ",new Date(c.since).toLocaleDateString(
"en-GB",{day:"numeric",month:"long",year:"numeric"})]})]})]}),c?.bio&&s("p",{class:"bio",children:c.bio}),s($,{trial:i}),s("div",{class:"actions",children:[g&&s(
"button",{class:"button",type:"button","data-first":!0,onClick:d,children:["Write to ",e.name]}),l&&s("a",{class:"button",href:"/-/me","data-first":!0,children:"\
My profile"})]}),m&&s("div",{class:"actions",children:[a.value==="moderator"?s("button",{class:"button quiet",type:"button",onClick:p(""),children:"Take the mod\
erator's role away"}):c?.kind==="member"&&s("button",{class:"button quiet",type:"button",onClick:p("moderator"),children:"Make a moderator"}),s("button",{class:"\
button quiet",type:"button",onClick:()=>n.dialog.value={is:"mute",person:e},children:"Mute…"}),s("button",{class:"button quiet",type:"button",onClick:()=>n.dialog.
value={is:"remove",person:e},children:"Remove…"})]})]})}var Ls={"new-room":wi,write:ki,about:li,members:vi,add:_i,notify:mi,invite:pi,leave:ci,convert:ui,drop:di};function Si({client:n}){let e=n.dialog.value;if(!e)return null;
let t=()=>{n.dialog.peek()===e&&(n.dialog.value=null)};switch(e.is){case"person":return s(Ei,{client:n,person:e.person,role:e.role,close:t},e.person.id);case"mu\
te":return s(gi,{client:n,person:e.person,close:t});case"remove":return s(bi,{client:n,person:e.person,close:t});case"report":return s(yi,{client:n,number:e.number,
close:t});default:{let o=Ls[e.is];return s(o,{client:n,close:t})}}}function Ti({client:n,room:e}){let t=v(n.drafts.get(e.id)),o=()=>{n.drafts.set(e.id,""),t.value=""};return s("div",{class:"scroll",children:s("div",{class:"log",
children:s("div",{class:"empty",role:"status","data-testid":"gone",children:[s("p",{class:"gone-words",children:"You are no longer in this room."}),e.why.value!==
""&&s("p",{children:e.why.value}),s("p",{children:"What was said there is not shown to you any more."}),s("button",{class:"button quiet",type:"button",onClick:()=>{
n.goAway()},children:"Go to another room"}),t.value!==""&&s("div",{class:"gone-draft",children:[s("p",{children:"You had begun to write:"}),s("blockquote",{children:t.
value}),s("button",{class:"text-button",type:"button",onClick:()=>{Q(t.peek(),"The text is copied.")},children:"Copy text"}),s("button",{class:"text-button",type:"\
button",onClick:o,children:"Discard"})]})]})})})}function je(n,e){F(()=>{if(!e.value)return;let t=r=>{r.target instanceof Node&&!n.current?.contains(r.target)&&(e.value=!1)},o=r=>{r.key==="Escape"&&(e.value=!1,
r.stopPropagation(),n.current?.querySelector("[aria-expanded]")?.focus({preventScroll:!0}))},i=n.current;return document.addEventListener("pointerdown",t),document.
addEventListener("focusin",t),i?.addEventListener("keydown",o),()=>{document.removeEventListener("pointerdown",t),document.removeEventListener("focusin",t),i?.removeEventListener(
"keydown",o)}},[e.value,e,n])}function Ke(n,e){n.current?.querySelector("[aria-expanded]")?.focus({preventScroll:!0}),e.value=!1}function Pi({client:n,room:e,sideOpen:t,openRooms:o}){let{info:i}=e.view.value,r=e.gone.value!=="";return s("header",{class:"head",children:[s("button",{class:"\
icon-button to-rooms",type:"button","aria-controls":"rooms","aria-expanded":t,onClick:o,children:[s(b,{name:"menu"}),s("span",{class:"sr",children:"Rooms"}),n.news.
value&&s("span",{class:"dot"})]}),s("div",{class:"head-words",children:[s("h1",{class:"room-title","data-testid":"room",children:n.title(e)}),i.kind==="private"&&
s("span",{class:"room-kind",children:[s(b,{name:"lock"}),s("span",{class:"sr",children:"Private"})]}),i.archived&&s("span",{class:"tag",children:"Archived"}),i.
topic&&!r&&s("p",{class:"topic",children:i.topic})]}),!r&&s(Os,{client:n,room:e},e.id),!r&&s(As,{client:n,room:e},`menu ${e.id}`)]})}function Os({client:n,room:e}){
let t=v(!1),o=U(null),i=e.here.value,r=n.rooms.open.value.rooms.find(d=>d.id===e.id)?.here,a=i?.count??r,{members:l,kind:u}=e.view.value.info;je(o,t);let m=d=>()=>{
Ke(o,t),n.dialog.value=d};return s("div",{class:"who-whole",ref:o,children:[s("button",{class:"who",type:"button","data-testid":"who","aria-expanded":t.value,onClick:()=>t.
value=!t.value,children:[s(b,{name:"people"})," ",a??""," ",s("span",{class:"sr",children:"here"})]}),t.value&&s("div",{class:"here",role:"group","aria-label":"\
Who is here",children:[s("h2",{children:"Here now"}),s("ul",{children:(i?.people??[]).map(d=>s("li",{children:s("button",{class:"person-button",type:"button",onClick:m(
{is:"person",person:d}),children:[s(B,{id:d.id,name:d.name}),s("span",{class:"here-name",children:d.name}),d.id===n.me.value.id&&s("span",{class:"count",children:"\
you"})]})},d.id))}),i&&i.count>i.people.length&&s("p",{class:"count",children:["and ",i.count-i.people.length," more"]}),!i&&s("p",{class:"count",children:"Ther\
e is no connection just now."}),s("button",{class:"button quiet small wide",type:"button",onClick:m({is:"members"}),children:u==="direct"?"Everybody in it":l===
1?"1 member":`${l} members`})]})]})}function ce(n,e,t){return s("button",{class:"menu-item",type:"button",onClick:t,children:[s(b,{name:n})," ",e]})}function As({
client:n,room:e}){let t=v(!1),o=U(null),i=n.place.value,{info:r,member:a}=i,l=r.kind==="direct";je(o,t);let u=p=>()=>{Ke(o,t),n.dialog.value=p},m=()=>{Ke(o,t),n.
acts.join(e.id).catch(()=>R("Not joined. Try again."))},d=()=>{Ke(o,t),Q(location.origin+n.path(e.view.peek().info),"The link is copied.")};return s("div",{class:"\
head-menu",ref:o,children:[s("button",{class:"icon-button",type:"button","data-testid":"room-menu","aria-expanded":t.value,onClick:()=>t.value=!t.value,children:[
s(b,{name:"more"}),s("span",{class:"sr",children:"About this room"})]}),t.value&&s("div",{class:"menu",role:"group","aria-label":"About this room",children:[ce(
"people",l?"Everybody in it":"Members",u({is:"members"})),Be(i)&&ce("plus","Add people",u({is:"add"})),Be(i)&&ce("link","Invite by a link",u({is:"invite"})),ce(
"copy","Copy link",d),a&&ce("bell","What I am told",u({is:"notify"})),!l&&ce("gear",K(i)?"Room settings":"About this room",u({is:"about"})),!a&&!(ie(i.me)&&i.settings.
guestsMayNotPost)&&ce("check","Join this room",m),a&&!l&&ce("leave","Leave this room",u({is:"leave"}))]})]})}var Ci=new WeakMap;function Mi(n,e,t){let o=[],i=new Set;for(let r of n.messages){let a=r.by===t;a&&r.key!==void 0&&i.add(r.key),o.push(Ri(r,()=>Is(r,a)))}if(n.
later)return o;for(let r of e)r.room!==n.id||i.has(r.key)||o.push(Ri(r,()=>({id:r.key,by:t,at:r.at,text:r.text,mine:!0,entry:r})));return o}function Is(n,e){return{
id:e&&n.key!==void 0?n.key:`m${n.number}`,by:n.by,at:n.at,text:n.text,mine:e,message:n}}function Ri(n,e){let t=Ci.get(n);return t||Ci.set(n,t=e()),t}var $t=class{stuck=!0;box;anchor=null;constructor(e){this.box=e}note(){this.stuck=this.toEnd()<=48;let e=this.messageAt(this.box.getBoundingClientRect().top);this.
anchor=e&&{element:e,id:e.id,top:Li(e)}}restore(){if(this.stuck){this.end();return}let{anchor:e}=this;if(!e)return;let t=e.element.isConnected?e.element:this.box.
querySelector(`#${CSS.escape(e.id)}`);if(!t)return;let o=Li(t)-e.top;Math.abs(o)>=.5&&(this.box.scrollTop+=o)}end(){this.box.scrollTop=this.box.scrollHeight,this.
stuck=!0}centre(e){let t=this.box.getBoundingClientRect(),o=e.getBoundingClientRect();this.box.scrollTop+=o.top-t.top-Math.max(0,(t.height-o.height)/2),this.note()}fromStart(){
return this.box.scrollTop}toEnd(){return this.box.scrollHeight-this.box.clientHeight-this.box.scrollTop}get height(){return this.box.clientHeight}middle(){let e=this.
box.getBoundingClientRect(),t=this.messageAt(e.top+e.height/2),o=Number(t?.dataset.number);return Number.isNaN(o)?void 0:o}messageAt(e){let t=this.box.querySelectorAll(
".message"),o=0,i=t.length;for(;o<i;){let r=o+i>>1,a=t[r];a&&a.getBoundingClientRect().bottom>e?i=r:o=r+1}return t[o]??null}};function Li(n){return(n.querySelector(
".bubble")??n).getBoundingClientRect().top}function Oi({path:n}){let e=v("");if(n==="")return s("p",{class:"empty",children:"Nothing here yet. Say hello."});let t=`${location.origin}${n}`,o=async()=>e.value=
await un(t)?"done":"failed";return s("div",{class:"empty",children:[s("p",{children:"Nothing here yet. Say hello, or send this link to someone."}),s("button",{class:"\
button quiet",type:"button",onClick:()=>{o()},children:[s(b,{name:e.value==="done"?"check":"link"}),e.value==="done"?"Copied":"Copy link"]}),e.value==="failed"&&
s("p",{class:"count",children:t})]})}var $s=new RegExp("^(?:(?:\\p{Regional_Indicator}{2}|[0-9#*]\\uFE0F?\\u20E3|(?:\\p{Emoji_Presentation}\\uFE0F?|\\p{Extended_Pictographic}\\uFE0F)[\\u{1F3FB}-\\u{1F3FF}\\u\
{E0020}-\\u{E007F}]*(?:\\u200D\\p{Extended_Pictographic}\\uFE0F?[\\u{1F3FB}-\\u{1F3FF}]?)*)\\s*){1,6}$","u");function Ai(n){return n.length<=100&&$s.test(n.trim())}var Ii=8;function Di({client:n,item:e,close:t,link:o}){let i=U(null),r=v(!1),a=v(!1);Fs(i,t),X(()=>{Hs(i.current,a),i.current?.querySelector("button")?.focus({preventScroll:!0})},
[r.value,a]);let{message:l}=e;if(!l)return null;let u={class:a.value?"menu up":"menu",ref:i,onKeyDown:c=>Us(c,i,t)};if(r.value)return s("div",{...u,role:"group",
"aria-label":"Delete this message?",children:s(Ns,{client:n,message:l,close:t})});let m=c=>()=>{c(),t()},d=n.place.value,p=n.people.name(l.by),h=c=>()=>{t(),setTimeout(
()=>n.dialog.value=c)};return s("div",{...u,role:"menu",children:[e.mine&&s("button",{class:"menu-item",type:"button",role:"menuitem",onClick:m(()=>n.editor.edit(
l)),children:[s(b,{name:"edit"})," Edit"]}),s("button",{class:"menu-item",type:"button",role:"menuitem",onClick:m(()=>{Q(e.text,"The text is copied.")}),children:[
s(b,{name:"copy"})," Copy text"]}),s("button",{class:"menu-item",type:"button",role:"menuitem",onClick:m(()=>o(e)),children:[s(b,{name:"link"})," Copy link"]}),
d.member&&d.own&&!e.mine&&s("button",{class:"menu-item",type:"button",role:"menuitem",onClick:m(()=>Ds(n,l)),children:[s(b,{name:"chat"})," Mark unread from her\
e"]}),!e.mine&&s("button",{class:"menu-item",type:"button",role:"menuitem",onClick:h({is:"report",number:l.number}),children:[s(b,{name:"flag"})," Report…"]}),
K(d)&&!e.mine&&s(E,{children:[s("button",{class:"menu-item",type:"button",role:"menuitem",onClick:h({is:"mute",person:{id:l.by,name:p}}),children:[s(b,{name:"mu\
te"})," ",s($i,{act:"Mute",name:p})]}),s("button",{class:"menu-item",type:"button",role:"menuitem",onClick:h({is:"remove",person:{id:l.by,name:p}}),children:[s(
b,{name:"leave"})," ",s($i,{act:"Remove",name:p})]})]}),n.mayDelete(l)&&!d.info.archived&&s("button",{class:"menu-item danger",type:"button",role:"menuitem",onClick:()=>r.
value=!0,children:[s(b,{name:"trash"})," Delete"]})]})}function $i({act:n,name:e}){return s("span",{class:"whom",children:[n," ",s("bdi",{children:e}),"…"]})}
function Ds(n,e){n.attention.unreadFrom(n.room.peek(),e.number).then(()=>R("Unread from there on, until you come back."),()=>R("Not marked: there is no connecti\
on. Try again."))}function Ns({client:n,message:e,close:t}){return s(E,{children:[s("p",{class:"menu-words",children:"Delete this message?"}),s("div",{class:"me\
nu-line",children:[s("button",{class:"button danger small",type:"button",onClick:()=>{n.editor.delete(e.number),t()},children:"Delete"}),s("button",{class:"butt\
on quiet small",type:"button",onClick:t,children:"Keep"})]})]})}function Ni(n){return n.current?.parentElement?.querySelector(".more")}function Hs(n,e){let t=n?.
closest(".scroll")?.getBoundingClientRect();if(!n||!t)return;n.style.removeProperty("transform");let o=n.getBoundingClientRect(),i=Math.max(0,o.right+Ii-t.right)-
Math.max(0,t.left+Ii-o.left);i!==0&&n.style.setProperty("transform",`translateX(${-i}px)`),e.peek()||(e.value=o.bottom>t.bottom&&o.top-t.top>o.height)}function Fs(n,e){
X(()=>{let t=n.current,o=Ni(n),i=r=>{r.target instanceof Node&&!t?.parentElement?.contains(r.target)&&e()};return document.addEventListener("pointerdown",i),()=>{
document.removeEventListener("pointerdown",i);let{activeElement:r}=document;(r===document.body||t?.contains(r))&&o?.focus({preventScroll:!0})}},[n,e])}function Us(n,e,t){
let o=[...e.current?.querySelectorAll("button")??[]],i=o.indexOf(n.target),r={ArrowDown:i+1,ArrowUp:i-1,Home:0,End:o.length-1}[n.key];if(r!==void 0)o.at(r%o.length)?.
focus({preventScroll:!0});else if(n.key==="Escape")Ni(e)?.focus({preventScroll:!0}),t();else if(n.key==="Tab")t();else return;n.stopPropagation(),n.key!=="Tab"&&
n.preventDefault()}var qs=/(?<![a-zA-Z0-9])[hH][tT][tT][pP][sS]?:\/\/[^\p{White_Space}\p{Cc}\p{Cf}<>"`\\。，、；：！？「」『』（）《》【】“”«»‹›]*/gu,Ws=/^[a-zA-Z]+:\/\/[\p{L}\p{N}[][^/?#@]*(?:[/?#]|$)/u,
Bs=new Set(".,;:!?'*_~…"),js={")":"(","]":"[","}":"{"};function Hi(n){let e=[],t=0;for(let o of n.matchAll(qs)){let i=Ks(o[0]);!Ws.test(i)||Array.from(i).length>
2048||(o.index>t&&e.push({text:n.slice(t,o.index)}),e.push({text:i,href:i}),t=o.index+i.length)}return t<n.length&&e.push({text:n.slice(t)}),e}function Ks(n){let e=new Map;
for(let o of n)e.set(o,(e.get(o)??0)+1);let t=n.length;for(;t>0;t--){let o=n.charAt(t-1),i=js[o];if(i!==void 0){let r=e.get(o)??0;if(r<=(e.get(i)??0))break;e.set(
o,r-1)}else if(!Bs.has(o))break}return n.slice(0,t)}function Fi({text:n}){return s("div",{class:"text",children:Hi(n).map(e=>e.href===void 0?e.text:s("a",{href:e.href,rel:"noopener noreferrer nofollow",target:"_b\
lank",children:e.text}))})}function Ui({entry:n,client:e}){let{trouble:t}=n;if(!t)return null;let o=e.trouble.value==="ended";if(t.code==="declined")return s(Gs,{entry:n,client:e});let i=o||
t.code==="network"||t.message==="";return s("p",{class:"unsent",children:[s("span",{class:"reason",children:[s(b,{name:"alert"})," ",i?"Not sent.":`Not sent: ${t.
message}`]}),t.retry&&!o?s("button",{class:"text-button",type:"button","data-testid":"retry",onClick:()=>e.retry(n.key),children:"Retry"}):s(Rn,{entry:n,client:e})]})}
function Gs({entry:n,client:e}){return s("p",{class:"unsent",children:[s("span",{class:"reason",children:[s(b,{name:"alert"})," ",n.trouble?.message]}),s(Rn,{entry:n,
client:e})]})}function qi({entry:n,client:e}){return s("p",{class:"unsent waits",children:[s("span",{class:"reason",children:[s(b,{name:"clock"})," Waits for ap\
proval. Only you and the moderators see it."]}),s("button",{class:"text-button",type:"button","data-testid":"discard",onClick:()=>e.discard(n.key),children:"Hid\
e"})]})}function Rn({entry:n,client:e}){return s(E,{children:[s("button",{class:"text-button",type:"button","data-testid":"restore",onClick:()=>ni(e,n),children:"\
Restore"}),s("button",{class:"text-button",type:"button","data-testid":"discard",onClick:()=>e.discard(n.key),children:"Discard"})]})}function Wi({client:n}){let[
e,...t]=n.stranded.value;return e?s("div",{class:"stranded",role:"group","aria-label":"Messages to rooms that are gone",children:[s("p",{class:"unsent",children:[
s("span",{class:"reason",children:[s(b,{name:"alert"})," Not sent",e.name!==void 0&&s(E,{children:[" to ",s("bdi",{children:e.name})]}),": ",e.trouble?.message,
" ",t.length>0&&`And ${t.length} more.`]}),s(Rn,{entry:e,client:n})]}),s("p",{class:"stranded-text",children:e.text})]}):null}function Bi(n){let{item:e,client:t,calendar:o,open:i}=n,{message:r,entry:a}=e,l=e.mine?"You":t.people.name(e.by),u=a===void 0||a.sent?"":a.trouble?"failed":a.held?
"held":"pending",m=r!==void 0&&t.editor.editing.value?.number===r.number,d=h=>{!(h.target instanceof Element&&h.target.closest("a, button")!==null)&&matchMedia(
"(hover: none)").matches&&getSelection()?.isCollapsed!==!1&&i(n.menu?null:e.id)},p=["message",e.mine&&"mine",n.first&&"first",n.last&&"last",n.lit&&"target",m&&
"editing",n.menu&&"selected",Ai(e.text)&&"emoji",u];return s("article",{class:p.filter(Boolean).join(" "),id:r?`m${r.number}`:`k${e.id}`,"data-testid":"message",
"data-number":r?.number??a?.number,"data-state":u===""?void 0:u,children:[!e.mine&&n.first&&s(B,{id:e.by,name:l}),s("header",{class:"by",children:[e.mine||!n.first?
s("span",{class:"name sr",children:l}):s(Vs,{id:e.by,name:l,client:t})," ",e.at!==void 0&&s("time",{class:"time",dateTime:new Date(e.at).toISOString(),title:o.moment(
e.at),children:o.time(e.at)})]}),s("div",{class:"bubble",onClick:d,children:[s(Fi,{text:e.text}),r?.edited!==void 0&&s("span",{class:"edited",children:"edited"}),
u==="pending"&&s("span",{class:"clock",children:[s(b,{name:"clock"}),s("span",{class:"sr",children:"Sending"})]}),r&&s(Js,{...n,name:l})]}),a?.held&&!a.trouble&&
s(qi,{entry:a,client:t}),a?.trouble&&s(Ui,{entry:a,client:t})]})}function Vs({id:n,name:e,client:t}){return s("button",{class:`name ${It(n)}`,type:"button",onClick:()=>t.
dialog.value={is:"person",person:{id:n,name:e}},children:e})}function Js(n){let{item:e,open:t}=n;return s("div",{class:"tools","aria-live":"off",children:[s("bu\
tton",{class:"more",type:"button",tabIndex:n.current?0:-1,"data-id":e.id,"aria-haspopup":"menu","aria-expanded":n.menu,"aria-label":e.mine?"More about your mess\
age":`More about ${n.name}'s message`,onClick:()=>t(n.menu?null:e.id),children:s(b,{name:"more"})}),n.menu&&e.message&&s(Di,{client:n.client,item:e,close:()=>t(
null),link:n.link})]})}var Ys=2500,Zs=1.5,Xs=40,Dt=new Le,Nt=class extends ae{box=null;list=null;scroller=null;sizes=null;shown=null;above=y(!1);away=y(!1);missed=y(0);newest=0;lit=y(
null);current=y(null);menu=y(null);litTimer;speakTimer;componentDidMount(){!this.box||!this.list||(this.scroller=new $t(this.box),this.newest=this.props.room.view.
peek().newest,this.settle(),this.sizes=new ResizeObserver(()=>{this.scroller?.restore(),this.fill()}),this.sizes.observe(this.box),this.sizes.observe(this.list))}componentWillUnmount(){
this.sizes?.disconnect(),clearTimeout(this.litTimer),clearTimeout(this.speakTimer)}getSnapshotBeforeUpdate(){return this.scroller?.note(),this.hush(),this.list?.
contains(document.activeElement)&&document.activeElement?.closest(".message")||null}componentDidUpdate(e,t,o){this.settle(),o&&!o.isConnected&&document.activeElement===
document.body&&this.handOn(Number(o.dataset.number))}handOn(e){let t=[...this.box?.querySelectorAll(".message[data-number] .more")??[]],o=t.find(i=>Number(i.closest(
".message")?.dataset.number)>e)??t.at(-1);o&&(this.current.value=o.dataset.id??null),(o??this.box)?.focus({preventScroll:!0})}hush(){let e=this.shown,t=this.props.
room.view.peek();if(e===t||!e)return;let o=e.messages.at(-1)?.number??0,i=e.messages[0]?.number??0;t.newest>e.newest&&!e.later&&!t.later&&(t.messages[0]?.number??
0)>=i&&(t.messages.at(-1)?.number??0)>=o||(this.list?.setAttribute("aria-live","off"),clearTimeout(this.speakTimer),this.speakTimer=setTimeout(()=>this.list?.setAttribute(
"aria-live","polite"),500))}settle(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;this.shown=t.view.peek();let o=t.target.peek();o==="newest"?e.end():o!==
null?this.light(o,e):e.restore(),t.target.value=null,this.moved();let{messages:i}=this.shown;i.length>400+Xs&&t.trim(t.reading??this.shown.newest)}light(e,t){let o=this.
shown?.messages.find(r=>r.number>=e),i=o&&this.box?.querySelector(`#m${o.number}`);if(!i){t.end();return}t.centre(i),o.number===e&&(this.lit.value=e,clearTimeout(
this.litTimer),this.litTimer=setTimeout(()=>this.lit.value=null,Ys))}moved(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;e.note();let o=t.view.peek(),
i=e.stuck&&!o.later;t.reading=i?void 0:e.middle(),i&&(this.newest=o.newest),this.props.client.attention.look(t.id,i?o.newest:0),this.above.value=this.lineAbove(),
this.missed.value=Math.max(0,o.newest-this.newest),this.away.value=!i&&(o.later||this.missed.value>0||e.toEnd()>e.height/2),this.fill()}lineAbove(){let{room:e}=this.
props,t=e.line.peek();if(!t||t.count===0||!this.box)return!1;let o=this.box.querySelector(".new-line");return o?o.getBoundingClientRect().bottom<this.box.getBoundingClientRect().
top:e.view.peek().earlier&&(e.view.peek().messages[0]?.number??0)>t.after}toNew=()=>{let{room:e}=this.props,t=e.line.peek();t&&(e.line.value={...t,count:0},e.jump(
t.after+1))};fill(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;let o=e.height*Zs,i=t.view.peek();i.earlier&&e.fromStart()<o&&t.load("before"),i.later&&
e.toEnd()<o&&t.load("after")}keyed=e=>{let t={ArrowUp:-1,ArrowDown:1}[e.key];if(t===void 0||!(e.target instanceof HTMLElement)||!e.target.matches(".more")||!this.
box)return;let o=[...this.box.querySelectorAll(".more")],i=o[o.indexOf(e.target)+t];i&&(e.preventDefault(),this.current.value=i.dataset.id??null,i.focus())};link=e=>{
let{client:t,room:o}=this.props;if(!e.message)return;let i=Eo(we(o.view.peek().info),t.me.peek().name,e.message.number);Q(location.origin+i,"The link is copied.")};open=e=>{
this.menu.value=e,e!==null&&(this.current.value=e)};render({client:e,room:t}){let o=t.view.value,i=t.target.value!==null,r=Mi(o,e.entries.value,e.me.value.id),a=t.
line.value,l=a?r.find(m=>!m.mine&&(m.message?.number??0)>a.after)?.id:void 0,u=this.current.value!==null&&r.some(m=>m.id===this.current.value)?this.current.value:
r.at(-1)?.id;return s(E,{children:[s("div",{class:i?"scroll going":"scroll",tabIndex:0,role:"region","aria-label":"Messages",ref:m=>{this.box=m},onScroll:()=>this.
moved(),onKeyDown:this.keyed,children:s("div",{class:"log",role:"log","aria-live":"polite","aria-relevant":"additions",ref:m=>{this.list=m},children:[r.length===
0&&!o.earlier&&!o.later&&s(Oi,{path:o.info.kind==="public"?e.path(o.info):""}),r.length>0&&s("p",{class:"edge",children:o.earlier?"Earlier messages…":`This is\
 the beginning of ${e.title(t)}.`}),si(r,Dt).map(m=>s("section",{class:"day","aria-label":m.date===""?"Some time ago":Dt.name(m.date,Date.now()),children:[m.date!==
""&&s("h2",{class:"day-line",children:s("time",{dateTime:m.date,children:Dt.name(m.date,Date.now())})}),m.messages.map(({said:d,first:p,last:h},c)=>[d.id===l&&s(
Qs,{},"new"),s(Bi,{item:d,first:p||d.id===l,last:h||l!==void 0&&m.messages[c+1]?.said.id===l,client:e,calendar:Dt,lit:d.message!==void 0&&d.message.number===this.
lit.value,current:d.id===u,menu:d.id===this.menu.value,open:this.open,link:this.link},d.id)])]},m.id))]})}),s(ea,{above:this.above,count:a?.count??0,go:this.toNew}),
s(ta,{away:this.away,missed:this.missed,go:()=>e.toNewest()})]})}};function Qs(){return s("p",{class:"new-line","data-testid":"new-line",role:"separator","aria-\
label":"New messages",children:s("span",{"aria-hidden":"true",children:"New"})})}function ea({above:n,count:e,go:t}){return!n.value||e===0?null:s("div",{class:"\
to-new-line",children:s("button",{class:"jump",type:"button","data-testid":"to-new",onClick:t,children:[s(b,{name:"up"}),Re(e)," new ",e===1?"message":"messages"]})})}
function ta({away:n,missed:e,go:t}){return n.value?s("div",{class:"jump-line",children:s("button",{class:"jump",type:"button","data-testid":"jump",onClick:t,children:[
s(b,{name:"down"}),"Jump to newest",e.value>0&&s("span",{class:"pill",children:Re(e.value)}),s("span",{class:"sr",children:e.value>0?"new messages":""})]})}):null}var ji=()=>localStorage,Ki=n=>`parley/nudge/${n}`;function Gi(n,e=Date.now(),t=ji){try{let o=Number(t()?.getItem(Ki(n))??0);return!(o<=e&&e-o<6048e5)}catch{return!0}}
function Vi(n,e=Date.now(),t=ji){try{t()?.setItem(Ki(n),`${e}`)}catch{}}var na={moderator:"Moderator",administrator:"Administrator",owner:"Owner"};function Ji({client:n}){let e=n.me.value,t=ie(e),o=v(!1),i=U(null);return je(i,o),s(E,
{children:[t&&s(ia,{me:e,next:n.path(n.room.value.view.value.info)},e.id),s("div",{class:"me",ref:i,children:[s("button",{class:"me-button",type:"button","aria-\
expanded":o.value,"aria-haspopup":"true","data-testid":"me",onClick:()=>o.value=!o.value,children:[s(B,{id:e.id,name:e.name}),s("span",{class:"me-words",children:[
s("span",{class:"me-name",children:e.name}),s("span",{class:"me-hint",children:t?"Guest":na[e.role??""]??"Member"})]})]}),s("form",{method:"post",action:"/-/sig\
n-out",children:s("button",{class:"button quiet small",children:t?"Leave":"Sign out"})}),o.value&&s(oa,{me:e})]})]})}function oa({me:n}){return s("nav",{class:"\
menu up me-menu","aria-label":"About me",children:[s("a",{class:"menu-item",href:"/-/me",children:[s(b,{name:"person"})," My profile"]}),s("a",{class:"menu-item",
href:"/-/me#devices",children:[s(b,{name:"gear"})," My devices"]}),ie(n)&&s("a",{class:"menu-item",href:"/-/register",children:[s(b,{name:"check"})," Keep my na\
me"]}),Me(n)&&s("a",{class:"menu-item",href:"/admin/reports/",children:[s(b,{name:"flag"})," Reports"]}),["administrator","owner"].includes(n.role??"")&&s("a",{
class:"menu-item",href:"/admin/",children:[s(b,{name:"gear"})," Administration"]})]})}function ia({me:n,next:e}){let t=v(Gi(n.id));if(!t.value)return null;let o=()=>{
Vi(n.id),t.value=!1};return s("div",{class:"nudge",role:"note","data-testid":"nudge",children:[s("p",{children:["Your name lives in this browser's cookie only. ",
s("a",{href:`/-/register?next=${encodeURIComponent(e)}`,children:"Keep it"}),": add a password or a passkey."]}),s("button",{class:"icon-button",type:"button",onClick:o,
children:[s(b,{name:"close"}),s("span",{class:"sr",children:"Not now"})]})]})}function zi({client:n,close:e}){let t=U(null),o=v(!1),i=n.room.value.id,{mine:r,people:a,others:l,hidden:u,archived:m,more:d}=Pt({me:n.me.value.id,mine:n.rooms.
mine.value.rooms,others:n.rooms.others.value,current:i,all:o.value});X(()=>ra(t.current),[i]);let p=c=>s(sa,{line:c,client:n,close:e},c.room.id),h=c=>()=>n.dialog.
value={is:c};return s("aside",{class:"side",id:"rooms",children:[s("div",{class:"side-head",children:[s("a",{class:"wordmark",href:"/",children:[s("span",{class:"\
mark","aria-hidden":"true"}),"Parley"]}),s("button",{class:"icon-button side-close",type:"button",onClick:e,children:[s(b,{name:"close"}),s("span",{class:"sr",children:"\
Close the list of rooms"})]})]}),s(la,{client:n,close:e}),s("nav",{class:"rooms","aria-label":"Rooms","data-testid":"room-list",ref:t,children:[s("div",{class:"\
rooms-head",children:[s("h2",{children:"My rooms"}),s("button",{class:"icon-button",type:"button","data-testid":"new-room",onClick:h("new-room"),children:[s(b,{
name:"plus"}),s("span",{class:"sr",children:"New room"})]})]}),r.length>0&&s("ul",{children:r.map(p)}),s("div",{class:"rooms-head",children:[s("h2",{children:"P\
eople"}),s("button",{class:"icon-button",type:"button","data-testid":"write-to",onClick:h("write"),children:[s(b,{name:"plus"}),s("span",{class:"sr",children:"W\
rite to somebody"})]})]}),a.length>0&&s("ul",{children:a.map(p)}),s(Mn,{title:"Other rooms",lines:l,line:p}),s(Mn,{title:"Hidden",lines:u,line:p}),s(Mn,{title:"\
Archived",lines:m,line:p}),(d>0||o.value)&&s("button",{class:"all-rooms",type:"button","aria-pressed":o.value,"data-testid":"all-rooms",onClick:()=>o.value=!o.value,
children:o.value?"Fewer rooms":`All rooms (${d} more)`})]}),s(Ji,{client:n})]})}function Mn({title:n,lines:e,line:t}){return e.length===0?null:s(E,{children:[s(
"h2",{children:n}),s("ul",{children:e.map(t)})]})}function ra(n){let e=n?.getBoundingClientRect(),t=n?.querySelector("[aria-current]")?.getBoundingClientRect();
!n||!e||!t||(t.bottom>e.bottom||t.top<e.top)&&(n.scrollTop+=t.top-e.top-(e.height-t.height)/2)}function sa({line:n,client:e,close:t}){let{room:o,title:i}=n,r=a=>{
a.ctrlKey||a.metaKey||a.shiftKey||a.altKey||a.button!==0||(a.preventDefault(),t(),e.go(o,{push:!0}))};return s("li",{children:s("a",{class:n.bold?"room-link unr\
ead":"room-link",href:e.path(o),"aria-current":o.id===e.room.value.id?"page":void 0,"data-room":o.id,"data-kind":o.kind,onClick:r,children:[s(aa,{line:n,me:e.me.
value.id}),s("span",{class:"room-name",children:i}),o.kind==="private"&&s("span",{class:"sr",children:", private"}),e.failed.value.has(o.id)&&s("span",{class:"r\
oom-failed",children:[s(b,{name:"alert"}),s("span",{class:"sr",children:", a message was not sent"})]}),n.count>0&&s(E,{children:[s("span",{class:n.mentioned?"u\
nread-count mentioned":"unread-count","data-testid":"unread","aria-hidden":"true",children:[n.mentioned&&"@",Re(n.count)]}),s("span",{class:"sr",children:[", ",
Re(n.count)," ",n.mentioned?"that mention you":"unread"]})]})]})})}function aa({line:{room:n,title:e},me:t}){if(n.kind==="private")return s(b,{name:"lock"});if(n.
kind!=="direct")return null;let[o,...i]=wn(n,t);return i.length>0?s("span",{class:"avatar many","aria-hidden":"true",children:i.length+1}):s(B,{id:o?.id??t,name:o?.
name??e})}function la({client:n,close:e}){let t=v(""),o=v(!1),i=U(null),r=async a=>{let l=i.current;if(!l)return;a.preventDefault();let u=l.value.trim();if(!(u===
""||o.value)){o.value=!0;try{await n.join(u),t.value="",l.value="",e()}catch(m){t.value=m instanceof L?m.message:"There is no connection just now. Try again.",l.
focus()}finally{o.value=!1}}};return s("form",{class:"find",method:"post",action:"/",onSubmit:a=>{r(a)},children:[s("input",{type:"hidden",name:"username",value:n.
me.value.name}),s("label",{class:"sr",for:"find",children:"Join or make a room"}),s("input",{ref:i,id:"find",name:"room",placeholder:"Join or make a room",autocomplete:"\
off",required:!0,"aria-invalid":t.value?!0:void 0,"aria-describedby":t.value?"find-error":void 0,onInput:()=>t.value=""}),s("button",{class:"button quiet",children:"\
Go"}),t.value&&s("p",{class:"error",id:"find-error",role:"alert",children:t.value})]})}function Yi({client:n,room:e}){let t=e.typing.value.map(o=>n.people.name(o));return s("p",{class:"typing","data-testid":"typing",children:t.length>0&&s(E,{children:[
s("span",{class:"dots","aria-hidden":"true"}),ua(t)]})})}function ua([n,e,...t]){return e===void 0?s(E,{children:[s("bdi",{children:n})," is typing…"]}):t.length===
0?s(E,{children:[s("bdi",{children:n})," and ",s("bdi",{children:e})," are typing…"]}):"Several people are typing…"}function Zi({client:n,room:e}){let t=da(
n,e);return s("p",{class:t?"status grave":"status","data-testid":"status",role:"status",children:t||qe.value||ca(n)})}function da(n,e){return n.trouble.value===
"ended"?s(E,{children:["Your session has ended. ",s("a",{href:e.view.value.info.kind==="public"?`/?room=${encodeURIComponent(e.view.value.info.name)}`:"/",children:"\
Join again"})]}):e.gone.value==="deleted"?"This room is gone.":""}function ca(n){switch(n.trouble.value){case"waiting":return ht.value?"Reconnecting… Keep this \
page open until what you wrote is sent.":"Reconnecting…";case"offline":return ht.value?"You are offline. Keep this page open: what you write is sent when you \
are back.":"You are offline. What you write is sent when you are back.";default:return""}}var ma="(min-width: 900px)";function Xi({client:n}){let e=v(!1),t=U(null),o=n.room.value,i=o.gone.value==="removed",r=()=>e.value=!1;return F(()=>{r()},[o.id]),
F(()=>e.value?pa(t.current,r):void 0,[e.value]),s("div",{class:e.value?"app side-open":"app",ref:t,children:[s(zi,{client:n,close:r}),e.value&&s("button",{class:"\
shade",type:"button",tabIndex:-1,"aria-label":"Close the list of rooms",onClick:r}),s("main",{class:"main",inert:e.value,children:[s(Pi,{client:n,room:o,sideOpen:e.
value,openRooms:()=>e.value=!0}),i?s(Ti,{client:n,room:o},`gone ${o.id}`):s(Nt,{client:n,room:o},o.id),s("div",{class:"foot-line",children:[s(Yi,{client:n,room:o}),
s(Zi,{client:n,room:o})]}),s(Wi,{client:n}),!i&&s(ai,{client:n,room:o},o.id)]}),s(Si,{client:n})]})}function pa(n,e){let t=matchMedia(ma),o=i=>i.key==="Escape"&&
!(i.target instanceof Element&&i.target.closest("dialog"))&&e();return n?.querySelector(".side-close")?.focus({preventScroll:!0}),addEventListener("keydown",o),
t.addEventListener("change",e),()=>{removeEventListener("keydown",o),t.removeEventListener("change",e);let{activeElement:i}=document;(i===document.body||i?.closest(
".side"))&&n?.querySelector(".to-rooms")?.focus({preventScroll:!0})}}var Ge=document.getElementById("app"),Qi=document.getElementById("boot");if(Ge&&Qi?.textContent){let n=ii(Ge),e=_o(Qi.textContent),t=e.hello.me?.user.id??"",o=new Lt(
{user:t,databases:()=>indexedDB,bell:new BroadcastChannel(`parley/kept/${t}`),earlier:()=>localStorage,merge:Ro,failed:No});addEventListener("pageshow",u=>u.persisted&&
o.refresh()),await o.ready;let i=new Rt(e,o),{sent:r,text:a,focused:l}=n();i.drafts.add(i.room.peek().id,a),Ge.replaceChildren(),Kn(s(Xi,{client:i}),Ge),l&&Ge.querySelector(
"textarea")?.focus({preventScroll:!0});for(let u of r)i.send(Sn(u));ne(()=>{let u=i.attention.unseen.value;document.title=`${u>0?`(${u}) `:""}${i.title()} · Par\
ley`}),i.start()}
